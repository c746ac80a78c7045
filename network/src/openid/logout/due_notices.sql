SELECT
    openid_families.id,
    openid_families.application,
    openid_families.session
FROM
    sessions
    JOIN openid_families ON openid_families.session = sessions.id
    JOIN applications ON applications.code = openid_families.application
WHERE
    sessions.ended_at > $2
    AND openid_families.noticed_at IS NULL
    AND openid_families.notices < $3
    AND (
        openid_families.notice_due_at IS NULL
        OR openid_families.notice_due_at <= $1
    )
    AND applications.notice_address IS NOT NULL
    AND applications.ended_at IS NULL
ORDER BY sessions.ended_at
LIMIT $4
