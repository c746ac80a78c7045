UPDATE application_organisations
SET withdrawn_at = $3
WHERE
    application = $1
    AND organisation = $2
    AND withdrawn_at IS NULL
