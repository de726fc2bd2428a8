--! transaction = false
create index concurrently books_isbn on books (isbn);
create index concurrently books_title on books (title);
