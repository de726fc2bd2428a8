select format('drop table %I', 'x') \gexec
\echo done
\if true
\endif
