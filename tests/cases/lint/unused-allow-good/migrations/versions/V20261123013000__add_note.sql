--! allow = ["missing-down"]
alter table books add column note text;
