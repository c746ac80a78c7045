SELECT confirmed_at
FROM totp_secrets
WHERE account = $1
