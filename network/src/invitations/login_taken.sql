SELECT id
FROM accounts
WHERE login = $1
