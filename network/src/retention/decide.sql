UPDATE personal_requests
SET
    decision = $2,
    decided_by = $3,
    decided_at = CAST($4 AS BIGINT),
    decided_for = $5,
    value = CASE WHEN CAST($2 AS TEXT) = 'refused' THEN NULL ELSE value END,
    ended_at = CASE WHEN CAST($2 AS TEXT) = 'refused' THEN CAST($4 AS BIGINT) ELSE NULL END
WHERE
    id = $1
    AND decided_at IS NULL
