INSERT INTO case_seeds (case_id, sequence, seed, commitment, committed_at)
VALUES ($1, $2, $3, $4, $5)
