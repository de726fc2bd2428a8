-- part 1
CREATE TABLE public.books (
    id integer NOT NULL,
    binding character varying(10),
    CONSTRAINT books_pkey PRIMARY KEY (id),
    CONSTRAINT books_binding_check CHECK (((binding)::text = ANY ((ARRAY['paper'::character varying, 'cloth'::character varying])::character varying[]::text[])))
);
