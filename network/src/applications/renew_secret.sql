UPDATE applications
SET secret_hash = $2
WHERE
    code = $1
    AND ended_at IS NULL
