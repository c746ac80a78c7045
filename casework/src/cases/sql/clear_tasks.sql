DELETE FROM case_tasks
WHERE case_id = $1
