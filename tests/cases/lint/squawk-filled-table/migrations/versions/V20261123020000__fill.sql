insert into books (id, title) select id, title from old_books;
