UPDATE people
SET recorded_at = recorded_at
WHERE id = $1
