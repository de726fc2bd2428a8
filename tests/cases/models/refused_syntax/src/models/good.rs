struct Never;
