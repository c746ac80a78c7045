SELECT
    accounts.id AS account,
    people.name,
    accounts.login,
    accounts.home,
    CAST(CASE WHEN accounts.closed_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_closed,
    scope.path
FROM
    accounts
    JOIN people ON people.id = accounts.person
    JOIN organisation_paths scope ON scope.code = accounts.home
WHERE
    accounts.id > $1
    AND scope.path >= $3
    AND scope.path < $4
ORDER BY accounts.id
LIMIT $2
