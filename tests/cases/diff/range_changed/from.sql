CREATE TYPE span AS RANGE (subtype = int);
