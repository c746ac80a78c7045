SELECT
    personal_requests.id,
    personal_requests.kind,
    personal_requests.home,
    personal_requests.asked_at,
    personal_requests.decision,
    personal_requests.decided_for,
    personal_requests.ended_at,
    (
        SELECT COUNT(*)
        FROM legal_holds
        WHERE
            legal_holds.person = personal_requests.person
            AND legal_holds.lifted_at IS NULL
    )
FROM personal_requests
WHERE personal_requests.person = $1
ORDER BY personal_requests.id DESC
