alter table loans validate constraint loans_book;
alter table loans alter book set not null;
