INSERT INTO sessions (
    id,
    token_hash,
    account,
    methods,
    level,
    network,
    agent,
    opened_at,
    authenticated_at,
    seen_at,
    idle_until,
    expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8, $9, $10)
