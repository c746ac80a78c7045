SELECT
    COALESCE(place.path, ''),
    COALESCE(applications.owner_account, ''),
    applications.services,
    CAST(applications.consent_asked AS TEXT),
    COALESCE(applications.sector, ''),
    CASE WHEN applications.ended_at IS NULL THEN '' ELSE 'ended' END
FROM
    applications
    LEFT JOIN organisation_paths place ON place.code = applications.owner_organisation
WHERE applications.code = $1
