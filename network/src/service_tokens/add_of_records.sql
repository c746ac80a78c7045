INSERT INTO record_tokens (
    id,
    token_hash,
    name,
    organisation,
    issued_at,
    expires_at
)
VALUES ($1, $2, $3, $4, $5, $6)
