SELECT person
FROM outside_identities
WHERE
    issuer = $1
    AND subject = $2
