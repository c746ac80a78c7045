INSERT INTO openid_assertions (hash, expires_at)
VALUES ($1, $2)
ON CONFLICT (hash) DO NOTHING
