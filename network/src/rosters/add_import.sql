INSERT INTO roster_imports (imported_at, source, added, changed, removed, refused)
VALUES ($1, $2, $3, $4, $5, $6)
