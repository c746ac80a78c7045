SELECT
    state,
    entered_at
FROM case_states
WHERE case_id = $1
