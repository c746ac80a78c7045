SELECT DISTINCT
    grants.account,
    homes.path
FROM
    grants
    JOIN accounts ON accounts.id = grants.account
    LEFT JOIN organisation_paths homes ON homes.code = accounts.home
WHERE
    grants.role = $1
    AND grants.valid_from <= $2
    AND (grants.valid_until IS NULL OR grants.valid_until > $2)
    AND (grants.revoked_at IS NULL OR grants.revoked_at > $2)
    AND accounts.closed_at IS NULL
ORDER BY grants.account
