-- part 1
ALTER TABLE public.books OWNER TO case_alice;
GRANT INSERT, SELECT ON TABLE public.books TO "Case Bob";
COMMENT ON TABLE public.books IS E'it''s \\ paper';
