-- part 1
ALTER VIEW public.v RENAME TO w;
