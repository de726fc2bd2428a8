CREATE TABLE base (n int CONSTRAINT positive CHECK (n > 0));
CREATE TABLE derived () INHERITS (base);
