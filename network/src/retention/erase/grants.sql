UPDATE grants
SET reason = '-'
WHERE account IN (SELECT id FROM accounts WHERE person = $1)
