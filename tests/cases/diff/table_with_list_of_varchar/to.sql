CREATE TABLE books (id int PRIMARY KEY, binding varchar(10) CHECK (binding IN ('paper', 'cloth')));
