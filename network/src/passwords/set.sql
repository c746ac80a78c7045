INSERT INTO passwords (
    account,
    phc,
    set_at
)
VALUES ($1, $2, $3)
ON CONFLICT (account) DO UPDATE SET
    phc = excluded.phc,
    set_at = excluded.set_at
