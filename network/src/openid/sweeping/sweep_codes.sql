DELETE FROM openid_codes
WHERE
    expires_at <= $1
    AND (
        family IS NULL
        OR family IN (
            SELECT id
            FROM openid_families
            WHERE expires_at <= $1
        )
    )
