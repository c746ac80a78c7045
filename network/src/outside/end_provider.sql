UPDATE outside_providers
SET ended_at = $2
WHERE
    code = $1
    AND ended_at IS NULL
