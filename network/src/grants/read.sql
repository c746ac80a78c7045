SELECT
    grants.id,
    grants.account,
    grants.role,
    grants.organisation,
    grants.reach,
    grants.purpose,
    grants.valid_from,
    grants.valid_until,
    grants.granted_by,
    grants.granted_at,
    grants.reason,
    grants.revoked_by,
    grants.revoked_at,
    grants.revoked_for,
    scope.path
FROM
    grants
    JOIN organisation_paths scope ON scope.code = grants.organisation
WHERE grants.id = $1
