create table numbers (isbn text, ean text);
drop table numbers;
alter table books add ean text;
