UPDATE openid_families
SET
    revoked_at = $3,
    revoked_for = 'given back'
WHERE
    id = (
        SELECT family
        FROM openid_refresh_tokens
        WHERE hash = $1
    )
    AND application = $2
    AND revoked_at IS NULL
