SELECT version
FROM procedures
WHERE name = $1
