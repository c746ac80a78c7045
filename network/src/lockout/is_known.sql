SELECT last_seen_at
FROM known_devices
WHERE
    account = $1
    AND device_hash = $2
