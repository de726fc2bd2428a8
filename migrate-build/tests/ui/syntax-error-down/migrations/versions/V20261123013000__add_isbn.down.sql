alter tabel books drop column isbn;
