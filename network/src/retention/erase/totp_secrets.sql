DELETE FROM totp_secrets
WHERE account IN (SELECT id FROM accounts WHERE person = $1)
