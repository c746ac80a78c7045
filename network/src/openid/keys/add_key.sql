INSERT INTO openid_keys (
    id,
    algorithm,
    sealed,
    made_at,
    current_at,
    retired_at,
    removed_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7)
