INSERT INTO case_states (case_id, state, entered_at)
VALUES ($1, $2, $3)
