SELECT sealed
FROM totp_secrets
WHERE account = $1
