SELECT settled_at
FROM organisation_knowledge
WHERE name = 'organisations'
