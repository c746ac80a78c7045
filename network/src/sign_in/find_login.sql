SELECT
    accounts.id,
    passwords.phc,
    (
        SELECT COUNT(*)
        FROM known_devices
        WHERE
            known_devices.account = accounts.id
            AND known_devices.device_hash = $2
    )
FROM
    accounts
    LEFT JOIN passwords ON passwords.account = accounts.id
WHERE
    accounts.login = $1
    AND accounts.closed_at IS NULL
