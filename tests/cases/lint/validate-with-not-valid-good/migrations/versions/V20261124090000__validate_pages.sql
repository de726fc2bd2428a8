alter table books validate constraint pages_positive;
