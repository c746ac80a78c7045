DELETE FROM case_subjects
WHERE case_id = $1
