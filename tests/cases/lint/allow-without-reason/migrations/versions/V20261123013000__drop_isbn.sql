--! allow = ["ban-drop-column"]
alter table books drop column isbn;
