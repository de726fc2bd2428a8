-- part 1
CREATE EXTENSION citext WITH SCHEMA public;
COMMENT ON EXTENSION citext IS 'data type for case-insensitive character strings';
CREATE TABLE public.people (
    mail public.citext,
    CONSTRAINT people_mail_key UNIQUE (mail)
);
