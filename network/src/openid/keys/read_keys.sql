SELECT
    id,
    algorithm,
    sealed,
    current_at,
    retired_at,
    removed_at
FROM openid_keys
WHERE removed_at > $1
ORDER BY id
