DELETE FROM sessions
WHERE
    ended_at < $1
    OR expires_at < $1
