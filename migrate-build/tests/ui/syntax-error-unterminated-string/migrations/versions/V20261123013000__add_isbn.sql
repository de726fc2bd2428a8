alter table books add column isbn text;
comment on column books.isbn is 'the publisher's number';
