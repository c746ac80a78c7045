UPDATE sign_in_failures
SET failures = failures - 1
WHERE
    kind = $1
    AND key = $2
    AND failures > 0
