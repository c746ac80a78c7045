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
WHERE accounts.person = $1
ORDER BY accounts.id
