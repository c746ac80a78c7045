SELECT
    sessions.id,
    sessions.account,
    sessions.methods,
    sessions.level,
    sessions.network,
    sessions.agent,
    sessions.opened_at,
    sessions.authenticated_at,
    sessions.seen_at,
    sessions.idle_until,
    sessions.expires_at,
    accounts.person,
    people.name,
    accounts.login,
    accounts.home,
    accounts.opened_at AS account_opened_at,
    passwords.set_at AS password_set_at,
    (
        SELECT COUNT(*)
        FROM totp_secrets
        WHERE totp_secrets.account = sessions.account
    ) + (
        SELECT COUNT(*)
        FROM passkeys
        WHERE passkeys.account = sessions.account
    ) AS factors,
    (
        SELECT STRING_AGG(grants.role, ' ')
        FROM
            grants
            JOIN organisation_paths ON organisation_paths.code = grants.organisation
        WHERE
            grants.account = sessions.account
            AND grants.valid_from <= $2
            AND (
                grants.valid_until IS NULL
                OR grants.valid_until > $2
            )
            AND (
                grants.revoked_at IS NULL
                OR grants.revoked_at > $2
            )
    ) AS roles
FROM
    sessions
    JOIN accounts ON accounts.id = sessions.account
    JOIN people ON people.id = accounts.person
    LEFT JOIN passwords ON passwords.account = sessions.account
WHERE
    sessions.token_hash = $1
    AND sessions.ended_at IS NULL
    AND sessions.idle_until > $2
    AND sessions.expires_at > $2
    AND accounts.closed_at IS NULL
