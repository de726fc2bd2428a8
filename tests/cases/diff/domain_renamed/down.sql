-- part 1
ALTER DOMAIN public.mail RENAME TO email;
