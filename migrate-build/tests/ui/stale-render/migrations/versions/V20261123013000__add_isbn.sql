--! rendered-from = "sha256:dc45fa57ae5c00dc13bf6781647e249e2f7e87072dd070759a0fd2a2e2bde83d"
alter table books add column isbn text;
