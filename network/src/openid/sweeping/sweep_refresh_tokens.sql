DELETE FROM openid_refresh_tokens
WHERE family IN (
    SELECT id
    FROM openid_families
    WHERE expires_at <= $1
)
