-- part 1
ALTER DOMAIN public.email RENAME TO mail;
