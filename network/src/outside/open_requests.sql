SELECT
    id,
    provider,
    said_name,
    said_login,
    asked_at
FROM outside_requests
WHERE refused_at IS NULL
ORDER BY
    asked_at,
    id
