SELECT
    COALESCE(invitations.account, ''),
    invitations.login,
    invitations.name,
    invitations.organisation,
    COALESCE(invitations.role, '')
FROM
    invitations
    JOIN organisation_paths scope ON scope.code = invitations.organisation
WHERE
    invitations.id = $1
    AND invitations.accepted_at IS NULL
    AND invitations.withdrawn_at IS NULL
    AND scope.path >= $2
    AND scope.path < $3
