SELECT
    accounts.login,
    people.name,
    accounts.home
FROM
    accounts
    JOIN people ON people.id = accounts.person
WHERE
    accounts.id = $1
    AND accounts.closed_at IS NULL
