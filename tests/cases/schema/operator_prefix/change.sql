CREATE OPERATOR !!! (rightarg = int, function = neg);
