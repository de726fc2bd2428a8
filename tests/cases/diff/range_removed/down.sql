-- part 1
CREATE TYPE public.span AS RANGE (SUBTYPE = double precision, SUBTYPE_OPCLASS = pg_catalog.float8_ops, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = public.span_multirange);
