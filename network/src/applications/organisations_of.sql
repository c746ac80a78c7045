SELECT organisation
FROM application_organisations
WHERE
    application = $1
    AND withdrawn_at IS NULL
ORDER BY organisation
