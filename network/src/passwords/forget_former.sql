DELETE FROM former_passwords
WHERE
    account = $1
    AND set_at NOT IN (
        SELECT set_at
        FROM former_passwords
        WHERE account = $1
        ORDER BY set_at DESC
        LIMIT $2
    )
