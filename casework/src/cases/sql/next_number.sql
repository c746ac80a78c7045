INSERT INTO case_numbers (series, last)
VALUES ($1, 1)
ON CONFLICT (series) DO UPDATE
SET last = case_numbers.last + 1
RETURNING last
