SELECT COALESCE(MAX(sequence) + 1, 0)
FROM case_steps
WHERE case_id = $1
