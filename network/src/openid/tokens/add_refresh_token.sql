INSERT INTO openid_refresh_tokens (hash, family, issued_at)
VALUES ($1, $2, $3)
