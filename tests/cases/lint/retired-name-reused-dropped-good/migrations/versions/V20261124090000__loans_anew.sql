--! allow = [{ rule = "ban-drop-table", reason = "retired long ago" }]
drop table loans;
create table loans (id bigint primary key);
