SELECT
    (
        SELECT COUNT(*)
        FROM totp_secrets
        WHERE account = $1
    ),
    (
        SELECT COUNT(*)
        FROM passkeys
        WHERE account = $1
    ),
    (
        SELECT COUNT(*)
        FROM recovery_codes
        WHERE
            account = $1
            AND used_at IS NULL
    )
