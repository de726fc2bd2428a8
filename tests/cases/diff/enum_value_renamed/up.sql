-- part 1
ALTER TYPE public.mood RENAME VALUE 'sad' TO 'blue';
