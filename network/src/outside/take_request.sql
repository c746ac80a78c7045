DELETE FROM outside_requests
WHERE id = $1
RETURNING
    issuer,
    subject
