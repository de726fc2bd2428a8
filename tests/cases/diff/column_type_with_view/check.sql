SELECT sum(more) = 9 FROM w;
