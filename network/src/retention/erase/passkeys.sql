DELETE FROM passkeys
WHERE account IN (SELECT id FROM accounts WHERE person = $1)
