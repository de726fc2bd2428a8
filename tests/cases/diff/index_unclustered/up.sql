-- part 1
ALTER TABLE public.books SET WITHOUT CLUSTER;
