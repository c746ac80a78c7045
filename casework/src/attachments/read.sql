SELECT
    id,
    account,
    name,
    media_type,
    size,
    hash,
    scanned,
    attached_at
FROM case_attachments
WHERE case_id = $1
ORDER BY
    attached_at,
    id
