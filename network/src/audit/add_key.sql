INSERT INTO audit_keys (
    id,
    public_key,
    since,
    predecessor,
    vouched
)
VALUES ($1, $2, $3, $4, $5)
