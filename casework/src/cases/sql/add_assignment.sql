INSERT INTO case_assignments (case_id, role, account, assigned_by, assigned_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (case_id, role, account) DO NOTHING
