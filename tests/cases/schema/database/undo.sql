DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I RESET lock_timeout', current_database());
    EXECUTE format('REVOKE CREATE ON DATABASE %I FROM case_alice', current_database());
END $$;
