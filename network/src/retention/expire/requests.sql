DELETE FROM personal_requests
WHERE
    ended_at < $1
    AND (
        person IS NULL
        OR person NOT IN (
            SELECT person
            FROM legal_holds
            WHERE lifted_at IS NULL
        )
    )
