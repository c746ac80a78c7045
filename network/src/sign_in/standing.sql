SELECT
    (
        SELECT set_at
        FROM passwords
        WHERE account = $1
    ),
    (
        SELECT COUNT(*)
        FROM totp_secrets
        WHERE account = $1
    ) + (
        SELECT COUNT(*)
        FROM passkeys
        WHERE account = $1
    )
