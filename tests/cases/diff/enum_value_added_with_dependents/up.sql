-- part 1
ALTER TYPE public.mood ADD VALUE 'happy';
