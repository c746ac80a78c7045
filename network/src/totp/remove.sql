DELETE FROM totp_secrets
WHERE account = $1
