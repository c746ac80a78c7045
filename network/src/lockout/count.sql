UPDATE sign_in_failures
SET
    failures = $1,
    last_at = $2
WHERE
    kind = $3
    AND key = $4
