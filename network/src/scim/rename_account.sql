UPDATE accounts
SET login = $1
WHERE
    id = $2
    AND NOT EXISTS (
        SELECT 1
        FROM accounts other
        WHERE
            other.login = $1
            AND other.id <> $2
    )
