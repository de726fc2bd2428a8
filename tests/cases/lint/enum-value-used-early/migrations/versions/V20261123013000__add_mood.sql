alter type mood add value 'glad';
update books set mood = 'glad' where stars = 5;
