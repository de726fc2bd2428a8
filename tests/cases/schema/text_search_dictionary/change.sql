CREATE TEXT SEARCH DICTIONARY plain (template = simple, accept = false);
