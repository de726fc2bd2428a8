CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
