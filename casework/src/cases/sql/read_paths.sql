SELECT
    case_organisations.field,
    organisation_paths.path
FROM
    case_organisations
    JOIN organisation_paths ON organisation_paths.code = case_organisations.code
WHERE case_organisations.case_id = $1
