CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT n * 2
$$;
