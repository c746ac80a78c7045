INSERT INTO case_quotas (procedure, part, held)
VALUES ($1, $2, 0)
ON CONFLICT (procedure, part) DO NOTHING
