-- part 1
REVOKE UPDATE ON TABLE public.books FROM "Case Bob";
REVOKE INSERT, SELECT ON TABLE public.books FROM case_alice;
GRANT DELETE ON TABLE public.books TO CURRENT_USER;
GRANT UPDATE ON TABLE public.books TO "Case Bob";
GRANT SELECT ON TABLE public.books TO PUBLIC;
GRANT SELECT ON TABLE public.books TO case_alice WITH GRANT OPTION;
