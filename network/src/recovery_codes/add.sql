INSERT INTO recovery_codes (
    account,
    hash,
    made_at
)
VALUES ($1, $2, $3)
