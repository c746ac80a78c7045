SELECT
    invitations.id,
    COALESCE(invitations.account, '') AS account,
    invitations.login,
    invitations.name,
    invitations.organisation,
    invitations.role,
    invitations.invited_at,
    invitations.expires_at,
    scope.path
FROM
    invitations
    JOIN organisation_paths scope ON scope.code = invitations.organisation
WHERE
    invitations.accepted_at IS NULL
    AND invitations.withdrawn_at IS NULL
    AND invitations.id < $1
    AND scope.path >= $3
    AND scope.path < $4
ORDER BY invitations.id DESC
LIMIT $2
