SELECT
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
FROM audit_entries
WHERE sequence >= $1
ORDER BY sequence
LIMIT $2
