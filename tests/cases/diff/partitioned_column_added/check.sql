SELECT more = 5 FROM events;
