SELECT
    application,
    used_on,
    uses
FROM application_uses
WHERE used_on >= $1
ORDER BY
    used_on DESC,
    application
