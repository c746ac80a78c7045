UPDATE sessions
SET
    ended_at = $1,
    ended_because = $2
WHERE
    account = $3
    AND id <> $4
    AND ended_at IS NULL
