create table books (id int8 primary key, title text not null);
