SELECT
    audit_entries.sequence,
    audit_entries.happened_at,
    audit_entries.actor_kind,
    audit_entries.actor,
    audit_entries.purpose,
    audit_entries.action,
    audit_entries.outcome,
    audit_entries.organisation,
    audit_entries.object_kind,
    audit_entries.object,
    audit_entries.row_count,
    audit_entries.previous_hash,
    audit_entries.hash
FROM
    audit_entries
    LEFT JOIN organisation_paths scope ON scope.code = audit_entries.organisation
WHERE
    audit_entries.sequence < $1
    AND audit_entries.happened_at >= $2
    AND audit_entries.happened_at < $3
    AND (CAST($4 AS TEXT) IS NULL OR audit_entries.actor = $4)
    AND (CAST($5 AS TEXT) IS NULL OR audit_entries.action = $5)
    AND (CAST($6 AS TEXT) IS NULL OR audit_entries.outcome = $6)
    AND (CAST($7 AS TEXT) IS NULL OR audit_entries.object = $7)
    AND (
        CAST($9 AS BIGINT) = 1
        OR (
            scope.path >= $10
            AND scope.path < $11
        )
    )
ORDER BY audit_entries.sequence DESC
LIMIT $8
