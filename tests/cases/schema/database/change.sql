DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET lock_timeout = %L', current_database(), '5s');
    EXECUTE format('GRANT CREATE ON DATABASE %I TO case_alice', current_database());
END $$;
