UPDATE audit_head
SET entries = entries
WHERE name = 'audit'
