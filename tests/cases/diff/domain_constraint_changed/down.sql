-- part 2
-- part 1
ALTER DOMAIN public.email DROP CONSTRAINT e;
ALTER DOMAIN public.email DROP CONSTRAINT c;
ALTER DOMAIN public.email ADD CONSTRAINT d CHECK ((VALUE <> 'd'::text));
ALTER DOMAIN public.email ADD CONSTRAINT c CHECK ((VALUE <> ''::text));
