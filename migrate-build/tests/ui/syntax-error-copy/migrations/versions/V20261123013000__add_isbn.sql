alter table books add column isbn text;

copy books (title, isbn) from stdin;
Frankenstein's	1
\.
