--! allow = [{ rule = "ban-drop-view", reason = "nobody reads it" }]
drop view old_books;
