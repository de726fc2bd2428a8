select count(*) from books where title = lower('x');
