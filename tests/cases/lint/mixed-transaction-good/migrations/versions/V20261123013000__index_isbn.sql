--! transaction = false
set maintenance_work_mem = '1GB';
create index concurrently books_isbn on books (isbn);
