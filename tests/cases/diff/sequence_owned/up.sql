-- part 1
ALTER SEQUENCE public.s OWNED BY public.books.pages;
