INSERT INTO case_tasks (case_id, role, role_grant, code, account, depth)
VALUES ($1, $2, $3, $4, $5, $6)
