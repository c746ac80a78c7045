SELECT DISTINCT case_id
FROM case_deadlines
WHERE
    closed_at IS NULL
    AND next_at <= $1
    AND case_id > $3
ORDER BY case_id
LIMIT $2
