-- part 1
ALTER TYPE public.mood ADD VALUE 'awful' BEFORE 'sad';
ALTER TYPE public.mood ADD VALUE 'so' AFTER 'sad';
ALTER TYPE public.mood ADD VALUE 'so so' AFTER 'so';
ALTER TYPE public.mood ADD VALUE 'happy';
