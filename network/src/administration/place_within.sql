SELECT scope.path
FROM organisation_paths scope
WHERE
    scope.code = $1
    AND scope.path >= $2
    AND scope.path < $3
