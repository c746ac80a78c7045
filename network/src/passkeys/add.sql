INSERT INTO passkeys (
    id,
    account,
    name,
    algorithm,
    public_key,
    sign_count,
    added_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING
