SELECT COUNT(*)
FROM issued_tokens
WHERE
    id = $1
    AND expires_at > $2
    AND ended_at IS NULL
