SELECT name
FROM issued_tokens
WHERE id = $1
