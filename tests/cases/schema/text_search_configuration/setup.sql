CREATE TEXT SEARCH CONFIGURATION mine (copy = simple);
CREATE TEXT SEARCH DICTIONARY plain (template = simple, accept = false);
