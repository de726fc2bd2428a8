alter table sessions set unlogged;
