alter table loans add exclude using gist (during with &&);
