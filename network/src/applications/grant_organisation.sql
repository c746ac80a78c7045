INSERT INTO application_organisations (application, organisation, granted_at)
VALUES ($1, $2, $3)
ON CONFLICT (application, organisation, granted_at) DO UPDATE SET withdrawn_at = NULL
