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
FROM sessions
WHERE
    sessions.account = $1
    AND sessions.ended_at IS NULL
    AND sessions.idle_until > $2
    AND sessions.expires_at > $2
ORDER BY
    sessions.seen_at DESC,
    sessions.id DESC
