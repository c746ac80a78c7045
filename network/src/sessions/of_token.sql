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
    sessions.expires_at
FROM
    sessions
    JOIN accounts ON accounts.id = sessions.account
WHERE
    sessions.token_hash = $1
    AND sessions.ended_at IS NULL
    AND sessions.idle_until > $2
    AND sessions.expires_at > $2
    AND accounts.closed_at IS NULL
