INSERT INTO case_attachments (
    id,
    case_id,
    account,
    name,
    media_type,
    size,
    hash,
    scanned,
    attached_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
