SELECT
    id,
    recorded_at,
    plan_version,
    known_at,
    tables
FROM
    releases
WHERE
    recorded_at <= $1
ORDER BY
    recorded_at DESC
LIMIT 1
