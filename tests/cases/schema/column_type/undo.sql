ALTER TABLE books ALTER pages TYPE int;
