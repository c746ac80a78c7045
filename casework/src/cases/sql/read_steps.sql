SELECT
    sequence,
    kind,
    name,
    actor,
    role,
    happened_at,
    from_states,
    to_states,
    change,
    kept,
    note,
    form_hash,
    previous_hash,
    hash
FROM case_steps
WHERE case_id = $1
ORDER BY sequence
