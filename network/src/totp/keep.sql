INSERT INTO totp_secrets (
    account,
    sealed,
    last_step,
    confirmed_at
)
VALUES ($1, $2, $3, $4)
ON CONFLICT (account) DO UPDATE SET
    sealed = excluded.sealed,
    last_step = excluded.last_step,
    confirmed_at = excluded.confirmed_at
