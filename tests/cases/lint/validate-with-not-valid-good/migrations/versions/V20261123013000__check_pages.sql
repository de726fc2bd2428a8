alter table books add constraint pages_positive check (pages > 0) not valid;
