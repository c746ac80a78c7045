UPDATE organisation_knowledge
SET settled_at = $1
WHERE
    name = 'organisations'
    AND settled_at < $1
