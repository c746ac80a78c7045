INSERT INTO people (id, name, recorded_at)
VALUES ($1, $2, $3)
