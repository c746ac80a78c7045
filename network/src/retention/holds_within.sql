SELECT
    legal_holds.id,
    accounts.id AS account,
    people.name,
    accounts.home,
    legal_holds.reason,
    legal_holds.set_at,
    scope.path
FROM
    legal_holds
    JOIN people ON people.id = legal_holds.person
    JOIN accounts ON accounts.person = legal_holds.person
    JOIN organisation_paths scope ON scope.code = accounts.home
WHERE
    legal_holds.lifted_at IS NULL
    AND scope.path >= $2
    AND scope.path < $3
ORDER BY
    legal_holds.id,
    accounts.id
LIMIT $1
