INSERT INTO ceremonies (
    token_hash,
    kind,
    account,
    methods,
    challenge,
    begun_at,
    expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7)
