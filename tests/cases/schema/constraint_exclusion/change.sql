ALTER TABLE stays ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&) WHERE (NOT isempty(during));
