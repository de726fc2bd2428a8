-- part 1
ALTER TYPE public.mood RENAME VALUE 'blue' TO 'sad';
