\i undo.sql
\copy books from 'books.csv'
\set x 1
