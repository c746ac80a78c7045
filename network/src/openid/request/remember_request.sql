INSERT INTO openid_requests (hash, parameters, begun_at)
VALUES ($1, $2, $3)
