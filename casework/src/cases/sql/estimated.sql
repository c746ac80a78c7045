SELECT DISTINCT case_id
FROM case_deadlines
WHERE
    closed_at IS NULL
    AND estimated = 1
    AND case_id > $1
ORDER BY case_id
LIMIT 500
