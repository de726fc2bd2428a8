ALTER TABLE books ADD shout text GENERATED ALWAYS AS (upper(title) || '!') STORED;
