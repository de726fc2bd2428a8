SELECT count(*) = 1 FROM people WHERE m = 'blue';
