UPDATE applications
SET
    reviewed_at = $2,
    expires_at = $3
WHERE
    code = $1
    AND ended_at IS NULL
