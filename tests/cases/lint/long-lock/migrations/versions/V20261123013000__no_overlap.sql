alter table loans add exclude using gist (book with =, during with &&);
