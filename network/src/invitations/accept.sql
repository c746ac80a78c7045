UPDATE invitations
SET accepted_at = $1
WHERE
    token_hash = $2
    AND expires_at > $1
    AND accepted_at IS NULL
    AND withdrawn_at IS NULL
RETURNING
    id,
    account,
    login,
    name,
    organisation,
    role,
    invited_by,
    invited_at,
    expires_at
