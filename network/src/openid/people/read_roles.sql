SELECT DISTINCT
    role,
    organisation
FROM grants
WHERE
    account = $1
    AND valid_from <= $2
    AND (
        valid_until IS NULL
        OR valid_until > $2
    )
    AND revoked_at IS NULL
ORDER BY
    role,
    organisation
