DELETE FROM passkeys
WHERE account = $1
