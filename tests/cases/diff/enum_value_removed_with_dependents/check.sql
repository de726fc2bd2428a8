SELECT count(*) = 2 FROM people WHERE m::text IN ('sad', 'ok');
SELECT ms::text = '{sad,ok}' FROM others;
