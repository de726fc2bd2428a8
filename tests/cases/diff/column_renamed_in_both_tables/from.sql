CREATE TABLE authors (id int PRIMARY KEY);
CREATE TABLE profiles (id int PRIMARY KEY REFERENCES authors);
