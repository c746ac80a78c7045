INSERT INTO grants (
    id,
    account,
    role,
    organisation,
    reach,
    purpose,
    valid_from,
    valid_until,
    granted_by,
    granted_at,
    reason
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
