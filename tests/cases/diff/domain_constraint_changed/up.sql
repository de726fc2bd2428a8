-- part 1
ALTER DOMAIN public.email DROP CONSTRAINT c;
ALTER DOMAIN public.email DROP CONSTRAINT d;
ALTER DOMAIN public.email ADD CONSTRAINT c CHECK ((VALUE <> 'c'::text)) NOT VALID;
ALTER DOMAIN public.email ADD CONSTRAINT e CHECK ((VALUE <> 'e'::text)) NOT VALID;
COMMENT ON CONSTRAINT e ON DOMAIN public.email IS 'e';
-- part 2
-- hazard: MayFail: constraint c on public.email: it fails where rows break it
-- hazard: MayFail: constraint e on public.email: it fails where rows break it
ALTER DOMAIN public.email VALIDATE CONSTRAINT c;
ALTER DOMAIN public.email VALIDATE CONSTRAINT e;
