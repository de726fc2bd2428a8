-- part 1
CREATE TYPE public.mood AS ENUM ('sad', 'it''s ok');
COMMENT ON TYPE public.mood IS 'how';
