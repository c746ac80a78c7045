SELECT people.id
FROM people
WHERE
    EXISTS (
        SELECT 1
        FROM accounts
        WHERE
            accounts.person = people.id
            AND accounts.closed_at < $1
    )
    AND NOT EXISTS (
        SELECT 1
        FROM accounts
        WHERE
            accounts.person = people.id
            AND (accounts.closed_at IS NULL OR accounts.closed_at >= $1)
    )
    AND NOT EXISTS (
        SELECT 1
        FROM legal_holds
        WHERE
            legal_holds.person = people.id
            AND legal_holds.lifted_at IS NULL
    )
ORDER BY people.id
