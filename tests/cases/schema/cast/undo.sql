DROP CAST (pair AS text);
