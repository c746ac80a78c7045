INSERT INTO case_facts (id, case_id, sequence, dataset, fact, handed_at)
VALUES ($1, $2, $3, $4, $5, $6)
