SELECT DISTINCT dataset
FROM case_facts
WHERE
    taken_at IS NULL
    AND (
        tried_at IS NULL
        OR tried_at <= $1
    )
ORDER BY dataset
