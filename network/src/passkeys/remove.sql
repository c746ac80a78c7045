DELETE FROM passkeys
WHERE
    account = $1
    AND id = $2
