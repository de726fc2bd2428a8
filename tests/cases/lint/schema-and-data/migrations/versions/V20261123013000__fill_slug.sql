alter table books add column slug text;
update books set slug = lower(title);
