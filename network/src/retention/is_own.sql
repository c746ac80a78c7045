SELECT id
FROM accounts
WHERE
    id = $1
    AND person = $2
