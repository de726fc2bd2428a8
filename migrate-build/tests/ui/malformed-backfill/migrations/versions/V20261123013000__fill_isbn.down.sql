-- the column keeps what is in it
select 1;
