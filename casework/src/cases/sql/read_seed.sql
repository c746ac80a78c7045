SELECT
    seed,
    commitment,
    committed_at
FROM case_seeds
WHERE
    case_id = $1
    AND drawn_at IS NULL
ORDER BY sequence
LIMIT 1
