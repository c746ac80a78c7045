UPDATE legal_holds
SET
    lifted_by = $2,
    lifted_at = $3
WHERE
    id = $1
    AND lifted_at IS NULL
