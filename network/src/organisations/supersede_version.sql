UPDATE organisations
SET superseded_at = $1
WHERE
    code = $2
    AND valid_from = $3
    AND superseded_at IS NULL
