SELECT accounts.id
FROM
    outside_identities
    JOIN accounts ON accounts.person = outside_identities.person
WHERE
    outside_identities.issuer = $1
    AND outside_identities.subject = $2
    AND accounts.closed_at IS NULL
ORDER BY accounts.id
LIMIT 1
