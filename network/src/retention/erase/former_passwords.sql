DELETE FROM former_passwords
WHERE account IN (SELECT id FROM accounts WHERE person = $1)
