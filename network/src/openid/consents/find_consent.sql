SELECT
    application,
    given_at,
    data,
    offline
FROM application_consents
WHERE
    account = $1
    AND application = $2
    AND withdrawn_at IS NULL
