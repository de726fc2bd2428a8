create table loans (book bigint, during tstzrange);
alter table loans add exclude using gist (book with =, during with &&);
