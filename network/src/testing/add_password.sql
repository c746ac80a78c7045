INSERT INTO passwords (
    account,
    phc,
    set_at
)
VALUES ($1, $2, $3)
