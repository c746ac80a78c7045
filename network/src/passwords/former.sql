SELECT phc
FROM former_passwords
WHERE account = $1
ORDER BY set_at DESC
LIMIT $2
