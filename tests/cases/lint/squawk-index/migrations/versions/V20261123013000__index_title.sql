create index books_title on books (title);
