UPDATE grants
SET
    revoked_by = $2,
    revoked_at = $3,
    revoked_for = $4
WHERE
    id = $1
    AND revoked_at IS NULL
