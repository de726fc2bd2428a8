alter table books add column isbn text

-- by number
create index on books (isbn)