-- part 1
ALTER VIEW public.w RENAME TO v;
