DROP TYPE floats;
