--! transaction = false
alter table books add column isbn text;
create index concurrently books_isbn on books (isbn);
