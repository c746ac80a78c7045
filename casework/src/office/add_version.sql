INSERT INTO procedure_versions (version, name, files, recorded_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (version) DO NOTHING
