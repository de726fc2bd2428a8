--! transaction = false
alter table books add column isbn text;
alter table books add column ean text;
