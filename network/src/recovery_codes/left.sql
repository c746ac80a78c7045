SELECT COUNT(*)
FROM recovery_codes
WHERE
    account = $1
    AND used_at IS NULL
