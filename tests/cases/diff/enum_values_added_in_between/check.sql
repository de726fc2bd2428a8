SELECT count(*) = 2 FROM people WHERE m::text IN ('sad', 'ok');
SELECT 'awful'::mood < 'sad' AND 'so' < 'so so'::mood;
