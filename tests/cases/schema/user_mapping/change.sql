CREATE USER MAPPING FOR "Case Bob" SERVER there OPTIONS ("user" 'bob', password 'hush', anything 'hush');
CREATE USER MAPPING FOR PUBLIC SERVER there;
