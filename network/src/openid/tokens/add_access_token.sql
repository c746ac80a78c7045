INSERT INTO openid_access_tokens (hash, family, scopes, issued_at, expires_at)
VALUES ($1, $2, $3, $4, $5)
