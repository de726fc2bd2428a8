-- part 1
CREATE TABLE public.l (
    a integer
) PARTITION BY LIST (a);
CREATE TABLE public.l1 (
    a integer
) PARTITION BY HASH (a);
ALTER TABLE public.l ATTACH PARTITION public.l1 FOR VALUES IN (1, 2);
CREATE TABLE public.l11 (
    a integer
);
ALTER TABLE public.l1 ATTACH PARTITION public.l11 FOR VALUES WITH (modulus 2, remainder 0);
CREATE TABLE public.l12 (
    a integer
);
ALTER TABLE public.l1 ATTACH PARTITION public.l12 FOR VALUES WITH (modulus 2, remainder 1);
