SELECT
    recorded_at,
    position,
    superseded_at,
    happened_on,
    kind,
    note_zh,
    note_en
FROM organisation_events
