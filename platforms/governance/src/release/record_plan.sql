INSERT INTO plan_versions (version, code, recorded_at)
VALUES ($1, $2, $3)
ON CONFLICT (version) DO NOTHING
