--! transaction = false
begin;
create index concurrently books_title_idx on books (title);
end;
