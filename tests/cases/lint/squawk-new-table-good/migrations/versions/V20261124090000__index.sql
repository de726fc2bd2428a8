alter table books add constraint u unique (title);
