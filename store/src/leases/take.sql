INSERT INTO leases (name, holder, until)
VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET
    holder = excluded.holder,
    until = excluded.until
WHERE
    leases.holder = excluded.holder
    OR leases.holder = $4
    OR leases.until <= $5
