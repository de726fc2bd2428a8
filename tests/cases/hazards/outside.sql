create index concurrently n on t (b);
drop index concurrently t_b;
reindex index concurrently t_b;
reindex (concurrently) table t;
vacuum t;
vacuum (analyze) t;
vacuum full t;
alter table t rename to n;
