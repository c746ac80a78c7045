SELECT MAX(sequence)
FROM audit_entries
WHERE
    sequence >= $1
    AND happened_at < $2
