INSERT INTO organisation_events (
    recorded_at,
    position,
    happened_on,
    kind,
    note_zh,
    note_en
)
VALUES ($1, $2, $3, $4, $5, $6)
