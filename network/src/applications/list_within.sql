SELECT applications.code
FROM
    applications
    JOIN organisation_paths scope ON scope.code = applications.owner_organisation
WHERE
    scope.path >= $1
    AND scope.path < $2
ORDER BY applications.code
