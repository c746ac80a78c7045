DELETE FROM openid_requests
WHERE hash = $1
