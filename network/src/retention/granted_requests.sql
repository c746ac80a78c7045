SELECT
    personal_requests.id,
    personal_requests.person,
    personal_requests.value,
    (
        SELECT COUNT(*)
        FROM legal_holds
        WHERE
            legal_holds.person = personal_requests.person
            AND legal_holds.lifted_at IS NULL
            AND personal_requests.kind = 'delete'
    )
FROM personal_requests
WHERE
    personal_requests.decision = 'granted'
    AND personal_requests.ended_at IS NULL
    AND personal_requests.person IS NOT NULL
ORDER BY personal_requests.id
