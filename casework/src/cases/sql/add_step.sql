INSERT INTO case_steps (
    case_id,
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
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
