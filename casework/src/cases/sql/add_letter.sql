INSERT INTO case_letters (id, case_id, sequence, name, data, ordered_at)
VALUES ($1, $2, $3, $4, $5, $6)
