alter table loans add constraint loans_book check (book is not null) not valid;
