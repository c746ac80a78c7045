UPDATE passkeys
SET
    sign_count = $1,
    used_at = $2
WHERE
    id = $3
    AND sign_count = $4
