UPDATE invitations
SET withdrawn_at = $1
WHERE
    login = (SELECT login FROM accounts WHERE id = $2)
    AND account = $2
    AND accepted_at IS NULL
    AND withdrawn_at IS NULL
