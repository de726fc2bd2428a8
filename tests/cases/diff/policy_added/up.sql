-- part 1
ALTER TABLE public.books ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON public.books AS RESTRICTIVE FOR UPDATE TO "Case Bob", case_alice USING ((pages > 1)) WITH CHECK ((pages < 5));
COMMENT ON POLICY p ON public.books IS 'p';
