INSERT INTO known_devices (
    account,
    device_hash,
    first_seen_at,
    last_seen_at
)
VALUES ($1, $2, $3, $3)
ON CONFLICT (account, device_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at
