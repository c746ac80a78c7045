DELETE FROM known_devices
WHERE last_seen_at < $1
