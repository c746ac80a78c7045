UPDATE invitations
SET withdrawn_at = $1
WHERE
    login = $2
    AND accepted_at IS NULL
    AND withdrawn_at IS NULL
