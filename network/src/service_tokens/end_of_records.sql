UPDATE record_tokens
SET ended_at = $1
WHERE
    id = $2
    AND ended_at IS NULL
