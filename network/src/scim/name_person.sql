UPDATE people
SET name = $1
WHERE
    id = (
        SELECT person
        FROM accounts
        WHERE accounts.id = $2
    )
