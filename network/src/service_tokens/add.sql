INSERT INTO service_tokens (
    id,
    token_hash,
    name,
    interface,
    organisation,
    issued_at,
    expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7)
