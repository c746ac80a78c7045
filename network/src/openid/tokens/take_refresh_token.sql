UPDATE openid_refresh_tokens
SET issued_at = issued_at
WHERE hash = $1
RETURNING
    used_at,
    family
