SELECT
    sequence,
    hash
FROM audit_entries
WHERE
    sequence >= $1
    AND sequence <= $2
ORDER BY sequence
LIMIT $3
