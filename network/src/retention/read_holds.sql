SELECT
    id,
    reason,
    set_at,
    lifted_at
FROM legal_holds
WHERE person = $1
ORDER BY id
