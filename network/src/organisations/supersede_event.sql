UPDATE organisation_events
SET superseded_at = $1
WHERE
    recorded_at = $2
    AND position = $3
    AND superseded_at IS NULL
