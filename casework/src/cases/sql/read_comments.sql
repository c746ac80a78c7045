SELECT
    id,
    account,
    body,
    written_at
FROM case_comments
WHERE case_id = $1
ORDER BY
    written_at,
    id
