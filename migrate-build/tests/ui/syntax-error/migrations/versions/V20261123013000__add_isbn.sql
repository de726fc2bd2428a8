alter table books
    add column isbn text,,
    add column year int;

crate index on books (isbn);
