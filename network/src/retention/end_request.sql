UPDATE personal_requests
SET
    ended_at = $2,
    value = NULL
WHERE
    id = $1
    AND ended_at IS NULL
    AND (
        kind <> 'delete'
        OR NOT EXISTS (
            SELECT 1
            FROM legal_holds
            WHERE
                legal_holds.person = personal_requests.person
                AND legal_holds.lifted_at IS NULL
        )
    )
