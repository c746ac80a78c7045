SELECT
    parameters,
    begun_at
FROM openid_requests
WHERE
    hash = $1
    AND begun_at > $2
