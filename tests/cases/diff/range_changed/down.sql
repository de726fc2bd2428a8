-- part 1
DROP TYPE public.span;
CREATE TYPE public.span AS RANGE (SUBTYPE = integer, SUBTYPE_OPCLASS = pg_catalog.int4_ops, MULTIRANGE_TYPE_NAME = public.span_multirange);
