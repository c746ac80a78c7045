UPDATE openid_families
SET
    notices = notices + 1,
    notice_due_at = $2 + 15000000 * (notices + 1) * (notices + 1)
WHERE
    id = $1
    AND noticed_at IS NULL
    AND (
        notice_due_at IS NULL
        OR notice_due_at <= $2
    )
