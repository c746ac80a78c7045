SELECT
    sequence,
    object
FROM audit_persons
WHERE
    sequence >= $1
    AND sequence < $2
ORDER BY
    sequence,
    object
