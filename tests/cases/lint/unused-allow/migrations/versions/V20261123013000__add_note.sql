--! allow = [{ rule = "ban-drop-column", reason = "it was moved" }]
alter table books add column note text;
