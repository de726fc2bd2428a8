SELECT count(*) = 2 FROM people WHERE m::text IN ('sad', 'ok');
