drop table shelves;
