--! transaction = false
create index concurrently books_isbn on books (isbn);
