DELETE FROM outside_choices
WHERE expires_at < $1
