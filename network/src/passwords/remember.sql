INSERT INTO former_passwords (
    account,
    set_at,
    phc
)
VALUES ($1, $2, $3)
ON CONFLICT (account, set_at) DO UPDATE SET phc = excluded.phc
