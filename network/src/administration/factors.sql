SELECT account
FROM totp_secrets
WHERE account = $1
UNION
SELECT account
FROM passkeys
WHERE account = $1
