SELECT
    outside_requests.id,
    outside_providers.name_zh,
    outside_providers.name_en,
    outside_requests.said_name,
    outside_requests.said_login,
    outside_requests.asked_at,
    scope.code AS organisation,
    scope.path
FROM
    outside_requests
    JOIN outside_providers ON outside_providers.code = outside_requests.provider
    JOIN organisation_paths scope ON scope.code = COALESCE(
        outside_providers.organisation,
        (
            SELECT whole.code
            FROM organisation_paths whole
            ORDER BY
                LENGTH(whole.path),
                whole.path
            LIMIT 1
        )
    )
WHERE
    outside_requests.refused_at IS NULL
    AND scope.path >= $2
    AND scope.path < $3
ORDER BY
    outside_requests.asked_at,
    outside_requests.id
LIMIT $1
