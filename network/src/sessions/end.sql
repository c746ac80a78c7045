UPDATE sessions
SET
    ended_at = $1,
    ended_because = $2
WHERE
    id = $3
    AND account = $4
    AND ended_at IS NULL
