UPDATE sessions
SET
    seen_at = $1,
    idle_until = $2
WHERE
    id = $3
    AND seen_at < $1
    AND ended_at IS NULL
