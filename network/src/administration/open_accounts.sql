SELECT id
FROM accounts
WHERE
    person = $1
    AND closed_at IS NULL
