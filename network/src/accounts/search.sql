SELECT
    accounts.id,
    accounts.person,
    people.name,
    accounts.login,
    accounts.home,
    accounts.opened_at,
    accounts.closed_at
FROM
    accounts
    JOIN people ON people.id = accounts.person
WHERE
    accounts.login LIKE $1 ESCAPE '\'
    OR LOWER(people.name) LIKE $1 ESCAPE '\'
ORDER BY accounts.login
LIMIT $2
