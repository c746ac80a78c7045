DELETE FROM openid_families
WHERE account IN (SELECT id FROM accounts WHERE person = $1)
