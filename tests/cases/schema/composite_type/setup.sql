CREATE TYPE money_of AS (amount numeric(10, 2), currency text);
