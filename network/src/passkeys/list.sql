SELECT
    id,
    name,
    added_at,
    used_at
FROM passkeys
WHERE account = $1
ORDER BY
    added_at,
    id
