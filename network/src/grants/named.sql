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
    scope.path,
    people.name
FROM
    grants
    JOIN organisation_paths scope ON scope.code = grants.organisation
    LEFT JOIN accounts ON accounts.id = grants.account
    LEFT JOIN people ON people.id = accounts.person
WHERE
    grants.id < $1
    AND scope.path >= $3
    AND scope.path < $4
ORDER BY grants.id DESC
LIMIT $2
