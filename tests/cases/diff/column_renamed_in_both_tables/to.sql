CREATE TABLE authors (key int PRIMARY KEY);
CREATE TABLE profiles (id int PRIMARY KEY REFERENCES authors);
