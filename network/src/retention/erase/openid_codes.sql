DELETE FROM openid_codes
WHERE account IN (SELECT id FROM accounts WHERE person = $1)
