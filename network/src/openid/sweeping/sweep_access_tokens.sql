DELETE FROM openid_access_tokens
WHERE expires_at <= $1
