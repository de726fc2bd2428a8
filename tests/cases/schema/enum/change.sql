ALTER TYPE mood ADD VALUE 'happy' BEFORE 'it''s ok';
