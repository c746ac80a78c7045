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
    AND happened_at >= $2
    AND happened_at < $3
    AND (CAST($4 AS TEXT) IS NULL OR actor = $4)
    AND (CAST($5 AS TEXT) IS NULL OR action = $5)
    AND (CAST($6 AS TEXT) IS NULL OR outcome = $6)
    AND (CAST($7 AS TEXT) IS NULL OR object = $7)
ORDER BY sequence DESC
LIMIT $8
