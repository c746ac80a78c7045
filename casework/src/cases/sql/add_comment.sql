INSERT INTO case_comments (id, case_id, account, body, written_at)
VALUES ($1, $2, $3, $4, $5)
