do $$ begin perform mend_titles(); end $$;
select app.mend_authors();
