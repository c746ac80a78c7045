UPDATE openid_families
SET
    revoked_at = $3,
    revoked_for = 'consent withdrawn'
WHERE
    account = $1
    AND application = $2
    AND revoked_at IS NULL
