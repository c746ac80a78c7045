SELECT DISTINCT closed.person
FROM accounts AS closed
WHERE
    closed.closed_at < $1
    AND NOT EXISTS (
        SELECT 1
        FROM accounts
        WHERE
            accounts.person = closed.person
            AND (accounts.closed_at IS NULL OR accounts.closed_at >= $1)
    )
    AND NOT EXISTS (
        SELECT 1
        FROM legal_holds
        WHERE
            legal_holds.person = closed.person
            AND legal_holds.lifted_at IS NULL
    )
ORDER BY closed.person
