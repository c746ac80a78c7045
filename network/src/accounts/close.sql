UPDATE accounts
SET closed_at = COALESCE(closed_at, $1)
WHERE id = $2
