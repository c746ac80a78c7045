INSERT INTO case_subjects (procedure, subject, case_id)
VALUES ($1, $2, $3)
ON CONFLICT (procedure, subject) DO NOTHING
