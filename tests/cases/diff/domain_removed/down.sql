-- part 1
CREATE DOMAIN public.email AS text COLLATE "C" DEFAULT 'a@b'::text NOT NULL
    CONSTRAINT at CHECK ((VALUE ~~ '%@%'::text));
COMMENT ON CONSTRAINT at ON DOMAIN public.email IS 'needs it';
