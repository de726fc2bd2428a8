alter table books add column isbn text;
do $body$ begin perform 1; end $$;
