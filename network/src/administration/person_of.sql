SELECT person
FROM accounts
WHERE
    id = $1
    AND closed_at IS NULL
