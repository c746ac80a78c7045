SELECT
    entries,
    hash
FROM audit_head
WHERE name = 'audit'
