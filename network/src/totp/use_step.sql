UPDATE totp_secrets
SET last_step = $1
WHERE
    account = $2
    AND last_step < $1
