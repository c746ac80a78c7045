SELECT COUNT(*)
FROM
    accounts
    JOIN organisation_paths AS home ON home.code = accounts.home
    JOIN application_organisations ON application_organisations.application = $1
    JOIN organisation_paths AS granted ON granted.code = application_organisations.organisation
WHERE
    accounts.id = $2
    AND accounts.closed_at IS NULL
    AND application_organisations.withdrawn_at IS NULL
    AND SUBSTR(home.path, 1, LENGTH(granted.path)) = granted.path
