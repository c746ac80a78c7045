DELETE FROM case_states
WHERE case_id = $1
