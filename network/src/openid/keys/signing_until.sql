SELECT
    algorithm,
    MAX(retired_at)
FROM openid_keys
GROUP BY algorithm
ORDER BY algorithm
