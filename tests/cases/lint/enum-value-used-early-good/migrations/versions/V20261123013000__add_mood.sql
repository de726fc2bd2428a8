create type mood as enum ('sad');
alter type mood add value 'glad';
create table moods (mood mood default 'glad');
