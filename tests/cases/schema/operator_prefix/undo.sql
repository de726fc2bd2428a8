DROP OPERATOR !!! (none, int);
