DROP PROCEDURE tidy(int);
