-- part 1
REVOKE USAGE ON SEQUENCE public.s FROM case_alice;
ALTER SEQUENCE public.s OWNED BY public.books.pages;
