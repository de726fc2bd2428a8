selekt 1;
selekt 2;
select 3 from;
selekt 4;
selekt 5;
