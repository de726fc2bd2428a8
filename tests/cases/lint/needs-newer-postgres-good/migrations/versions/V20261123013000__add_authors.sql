insert into authors (name) select name from staged;
