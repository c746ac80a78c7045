DELETE FROM openid_assertions
WHERE expires_at <= $1
