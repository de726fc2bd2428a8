CREATE PUBLICATION news FOR TABLE books WITH (publish = 'insert, delete', publish_via_partition_root = true);
