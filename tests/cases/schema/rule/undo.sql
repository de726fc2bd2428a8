DROP RULE no_delete ON books;
