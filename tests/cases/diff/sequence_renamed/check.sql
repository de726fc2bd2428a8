SELECT nextval('numbers') = 8;
