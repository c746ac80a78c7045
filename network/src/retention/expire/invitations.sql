DELETE FROM invitations
WHERE
    expires_at < $1
    AND (
        account IS NULL
        OR account NOT IN (
            SELECT accounts.id
            FROM
                accounts
                JOIN legal_holds ON legal_holds.person = accounts.person
            WHERE legal_holds.lifted_at IS NULL
        )
    )
