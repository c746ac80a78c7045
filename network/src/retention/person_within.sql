SELECT accounts.person
FROM
    accounts
    JOIN organisation_paths scope ON scope.code = accounts.home
WHERE
    accounts.id = $1
    AND scope.path >= $2
    AND scope.path < $3
