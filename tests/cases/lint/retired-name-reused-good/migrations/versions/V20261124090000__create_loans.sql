create table loans (id bigint primary key);
