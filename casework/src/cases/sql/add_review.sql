INSERT INTO case_reviews (case_id, account, score, opinion, reviewed_at)
VALUES ($1, $2, $3, $4, $5)
