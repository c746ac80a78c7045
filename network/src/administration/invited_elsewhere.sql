SELECT invitations.id
FROM
    invitations
    LEFT JOIN organisation_paths scope ON scope.code = invitations.organisation
WHERE
    invitations.login = $1
    AND invitations.expires_at > $2
    AND invitations.accepted_at IS NULL
    AND invitations.withdrawn_at IS NULL
    AND (
        scope.path IS NULL
        OR NOT (
            scope.path >= $3
            AND scope.path < $4
        )
    )
