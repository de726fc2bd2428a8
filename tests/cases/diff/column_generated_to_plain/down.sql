-- part 1
ALTER TABLE public.books
    DROP COLUMN double,
    ADD COLUMN double integer GENERATED ALWAYS AS ((pages * 2)) STORED;
