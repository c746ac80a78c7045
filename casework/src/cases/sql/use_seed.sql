UPDATE case_seeds
SET drawn_at = $2
WHERE
    case_id = $1
    AND drawn_at IS NULL
