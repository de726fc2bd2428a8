ALTER TABLE books ALTER pages TYPE bigint;
