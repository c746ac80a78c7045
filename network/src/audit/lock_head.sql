UPDATE audit_head
SET entries = entries + 1
WHERE name = 'audit'
RETURNING
    entries - 1,
    hash
