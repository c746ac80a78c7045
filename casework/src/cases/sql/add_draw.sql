INSERT INTO case_draws (case_id, sequence, role, seed, tickets, chosen, drawn_at, commitment)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
