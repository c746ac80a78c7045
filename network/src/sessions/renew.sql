UPDATE sessions
SET
    token_hash = $1,
    methods = $2,
    level = $3,
    authenticated_at = $4
WHERE
    id = $5
    AND ended_at IS NULL
