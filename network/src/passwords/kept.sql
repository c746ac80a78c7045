SELECT
    phc,
    set_at
FROM passwords
WHERE account = $1
