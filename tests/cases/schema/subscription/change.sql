CREATE SUBSCRIPTION paper CONNECTION 'host=nowhere password=hush' PUBLICATION news, "Old News" WITH (connect = false, slot_name = 'a_slot');
