SELECT title = '' AND pages = 2 FROM tomes;
