INSERT INTO roster_aliases (kind, old_id, new_id, merged_at, reason)
VALUES ($1, $2, $3, $4, $5)
