SELECT count(*) = 1 FROM tomes;
