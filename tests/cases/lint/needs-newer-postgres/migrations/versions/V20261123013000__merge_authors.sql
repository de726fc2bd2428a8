merge into authors using staged on staged.name = authors.name when not matched then insert (name) values (staged.name);
