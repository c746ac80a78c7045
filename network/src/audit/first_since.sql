SELECT MIN(sequence)
FROM audit_entries
WHERE happened_at >= $1
