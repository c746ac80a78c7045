UPDATE audit_head
SET hash = $1
WHERE name = 'audit'
