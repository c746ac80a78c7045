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
    accounts.id > $1
    AND (
        (CAST($3 AS BIGINT) = 1 AND LOWER(people.name) LIKE $2 ESCAPE '\')
        OR (CAST($4 AS BIGINT) = 1 AND accounts.login LIKE $2 ESCAPE '\')
        OR CAST($2 AS TEXT) = '%%'
    )
    AND scope.path >= $6
    AND scope.path < $7
ORDER BY accounts.id
LIMIT $5
