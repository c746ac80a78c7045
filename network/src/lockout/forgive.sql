DELETE FROM sign_in_failures
WHERE
    kind = $1
    AND key = $2
