drop index concurrently books_title_idx;
