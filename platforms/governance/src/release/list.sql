SELECT
    id,
    recorded_at,
    plan_version,
    known_at,
    tables
FROM
    releases
ORDER BY
    recorded_at
