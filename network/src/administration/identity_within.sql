SELECT outside_requests.id
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
    outside_requests.id = $1
    AND outside_requests.refused_at IS NULL
    AND scope.path >= $2
    AND scope.path < $3
