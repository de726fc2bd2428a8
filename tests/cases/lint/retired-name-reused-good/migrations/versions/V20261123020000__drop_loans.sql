--! allow = [{ rule = "ban-drop-table", reason = "retired long ago" }]
drop table loans;
