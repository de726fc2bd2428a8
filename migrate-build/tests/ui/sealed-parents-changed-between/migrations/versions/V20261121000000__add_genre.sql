alter table books add genre text;
