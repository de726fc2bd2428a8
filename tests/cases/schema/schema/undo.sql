DROP SCHEMA "Odd one.";
