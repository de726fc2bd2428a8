alter table books add constraint pages_positive check (pages > 0) not valid;
alter table books validate constraint pages_positive;
