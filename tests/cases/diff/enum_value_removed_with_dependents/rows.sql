INSERT INTO people VALUES (1, 'sad'), (2, 'ok');
INSERT INTO others VALUES ('{sad,ok}', 1);
