SELECT name
FROM service_tokens
WHERE id = $1
