SELECT
    MAX(knowledge.instant)
FROM
    (
        SELECT MAX(recorded_at) AS instant FROM organisations WHERE recorded_at <= $1
        UNION ALL
        SELECT MAX(superseded_at) AS instant FROM organisations WHERE superseded_at <= $1
        UNION ALL
        SELECT MAX(recorded_at) AS instant FROM organisation_memberships WHERE recorded_at <= $1
        UNION ALL
        SELECT MAX(superseded_at) AS instant FROM organisation_memberships WHERE superseded_at <= $1
        UNION ALL
        SELECT MAX(recorded_at) AS instant FROM organisation_events WHERE recorded_at <= $1
    ) AS knowledge
