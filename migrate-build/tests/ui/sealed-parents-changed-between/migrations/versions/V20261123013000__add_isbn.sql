alter table books add isbn text;
