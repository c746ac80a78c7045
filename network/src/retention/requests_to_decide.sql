SELECT
    personal_requests.id,
    COALESCE(
        (
            SELECT MIN(accounts.id)
            FROM accounts
            WHERE accounts.person = personal_requests.person
        ),
        ''
    ) AS account,
    people.name,
    personal_requests.value,
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
    ) AS holds,
    (
        SELECT COUNT(*)
        FROM accounts
        WHERE accounts.person = personal_requests.person
    ) AS accounts,
    scope.path
FROM
    personal_requests
    JOIN people ON people.id = personal_requests.person
    JOIN organisation_paths scope ON scope.code = personal_requests.home
WHERE
    personal_requests.ended_at IS NULL
    AND scope.path >= $2
    AND scope.path < $3
ORDER BY personal_requests.id
LIMIT $1
