\restrict kT3
\connect books
alter table books add column isbn text;
