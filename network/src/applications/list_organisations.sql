SELECT
    application,
    organisation
FROM application_organisations
WHERE withdrawn_at IS NULL
ORDER BY
    application,
    organisation
