-- A row that the lake refused waits for a day, and with it later rows of its case: they must not be overtaken.
ALTER TABLE case_facts ADD COLUMN tried_at BIGINT;

ALTER TABLE case_facts ADD COLUMN fault TEXT;
