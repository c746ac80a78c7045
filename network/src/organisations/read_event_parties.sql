SELECT
    recorded_at,
    event,
    side,
    code
FROM organisation_event_parties
ORDER BY
    recorded_at,
    event,
    side,
    position
