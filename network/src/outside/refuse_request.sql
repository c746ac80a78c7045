UPDATE outside_requests
SET
    refused_at = $2,
    said_name = '',
    said_login = ''
WHERE
    id = $1
    AND refused_at IS NULL
