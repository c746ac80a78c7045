UPDATE openid_families
SET
    revoked_at = $2,
    revoked_for = $3
WHERE
    id = $1
    AND revoked_at IS NULL
