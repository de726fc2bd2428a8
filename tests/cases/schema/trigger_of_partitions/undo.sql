DROP TRIGGER t ON events;
