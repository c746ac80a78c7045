DELETE FROM outside_requests
WHERE
    refused_at IS NULL
    AND asked_at < $1
