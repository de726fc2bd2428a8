CREATE TABLE other (id int) USING heap2;
