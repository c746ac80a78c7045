INSERT INTO organisation_memberships (
    hierarchy,
    child,
    valid_from,
    recorded_at,
    valid_to,
    parent
)
VALUES ($1, $2, $3, $4, $5, $6)
