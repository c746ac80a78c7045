INSERT INTO organisation_event_parties (
    recorded_at,
    event,
    side,
    position,
    code
)
VALUES ($1, $2, $3, $4, $5)
