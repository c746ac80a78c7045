SELECT
    role,
    account
FROM case_assignments
WHERE case_id = $1
