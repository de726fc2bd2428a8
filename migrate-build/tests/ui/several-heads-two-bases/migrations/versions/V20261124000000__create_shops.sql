--! parents = []
create table shops ();
