SELECT COUNT(*)
FROM organisation_paths scope
WHERE
    NOT (
        scope.path >= $1
        AND scope.path < $2
    )
    AND (
        scope.path LIKE '/%/%/'
        OR EXISTS (
            SELECT 1
            FROM organisation_paths below
            WHERE below.path LIKE scope.path || '_%'
        )
    )
