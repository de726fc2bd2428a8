DROP OPERATOR ~~~ (int, int);
