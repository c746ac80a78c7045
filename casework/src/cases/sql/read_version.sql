SELECT version
FROM cases
WHERE id = $1
