CREATE TYPE mood AS ENUM ('a');
ALTER TYPE mood OWNER TO case_alice;
GRANT USAGE ON TYPE mood TO "Case Bob";
