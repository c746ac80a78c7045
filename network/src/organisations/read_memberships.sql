SELECT
    hierarchy,
    child,
    valid_from,
    recorded_at,
    valid_to,
    superseded_at,
    parent
FROM organisation_memberships
