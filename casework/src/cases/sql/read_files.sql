SELECT id
FROM case_attachments
WHERE case_id = $1
