SELECT happened_at
FROM audit_entries
WHERE sequence = $1
