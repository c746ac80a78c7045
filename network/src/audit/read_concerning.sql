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
WHERE
    sequence < $1
    AND sequence IN (
        SELECT audit_entries.sequence
        FROM audit_entries
        WHERE audit_entries.object = $2
        UNION
        SELECT audit_persons.sequence
        FROM audit_persons
        WHERE audit_persons.object = $2
    )
ORDER BY sequence DESC
LIMIT $3
