DELETE FROM openid_families
WHERE
    expires_at <= $1
    AND NOT EXISTS (
        SELECT 1
        FROM openid_access_tokens
        WHERE openid_access_tokens.family = openid_families.id
    )
