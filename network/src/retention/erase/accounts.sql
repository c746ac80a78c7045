DELETE FROM accounts
WHERE person = $1
