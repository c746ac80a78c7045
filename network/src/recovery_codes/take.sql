UPDATE recovery_codes
SET used_at = $1
WHERE
    account = $2
    AND hash = $3
    AND used_at IS NULL
