SELECT
    accounts.id AS account,
    accounts.person,
    people.name,
    accounts.login,
    accounts.home,
    accounts.opened_at,
    accounts.closed_at,
    scope.path
FROM
    accounts
    JOIN people ON people.id = accounts.person
    JOIN organisation_paths scope ON scope.code = accounts.home
WHERE
    accounts.id = $1
    AND scope.path >= $2
    AND scope.path < $3
