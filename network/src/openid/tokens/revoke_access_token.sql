UPDATE openid_access_tokens
SET revoked_at = $3
WHERE
    hash = $1
    AND revoked_at IS NULL
    AND EXISTS (
        SELECT 1
        FROM openid_families
        WHERE
            openid_families.id = openid_access_tokens.family
            AND openid_families.application = $2
    )
