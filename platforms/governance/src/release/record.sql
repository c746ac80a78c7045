INSERT INTO releases (id, recorded_at, plan_version, known_at, tables)
VALUES ($1, $2, $3, $4, $5)
