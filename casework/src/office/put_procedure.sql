INSERT INTO procedures (name, version, since_at)
VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE
SET
    version = excluded.version,
    since_at = excluded.since_at
WHERE procedures.version <> excluded.version
