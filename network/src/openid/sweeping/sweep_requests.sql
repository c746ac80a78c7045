DELETE FROM openid_requests
WHERE begun_at <= $1
