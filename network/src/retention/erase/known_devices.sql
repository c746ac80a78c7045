DELETE FROM known_devices
WHERE account IN (SELECT id FROM accounts WHERE person = $1)
