DELETE FROM ceremonies
WHERE account IN (SELECT id FROM accounts WHERE person = $1)
