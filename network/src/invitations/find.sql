SELECT
    id,
    account,
    login,
    name,
    organisation,
    role,
    invited_by,
    invited_at,
    expires_at
FROM invitations
WHERE
    token_hash = $1
    AND expires_at > $2
    AND accepted_at IS NULL
    AND withdrawn_at IS NULL
