INSERT INTO audit_entries (
    sequence,
    happened_at,
    actor_kind,
    actor,
    purpose,
    action,
    outcome,
    organisation,
    object_kind,
    object,
    row_count,
    previous_hash,
    hash
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
