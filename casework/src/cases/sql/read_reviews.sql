SELECT
    account,
    score
FROM case_reviews
WHERE case_id = $1
