SELECT
    name,
    recorded_at
FROM people
WHERE id = $1
