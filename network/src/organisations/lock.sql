UPDATE organisation_knowledge
SET settled_at = settled_at
WHERE name = 'organisations'
RETURNING settled_at
