SELECT
    accounts.id,
    accounts.person,
    people.name,
    accounts.login,
    accounts.home,
    accounts.opened_at,
    accounts.closed_at
FROM
    outside_identities
    JOIN accounts ON accounts.person = outside_identities.person
    JOIN people ON people.id = accounts.person
WHERE
    outside_identities.issuer = $1
    AND outside_identities.subject = $2
    AND accounts.closed_at IS NULL
    AND EXISTS (
        SELECT 1
        FROM outside_providers
        WHERE
            outside_providers.issuer = outside_identities.issuer
            AND outside_providers.ended_at IS NULL
    )
ORDER BY accounts.id
