CREATE OPERATOR ~~~ (leftarg = int, rightarg = int, function = near, commutator = ~~~, restrict = eqsel, join = eqjoinsel);
COMMENT ON OPERATOR ~~~ (int, int) IS 'near';
