alter table books rename column title to name;
