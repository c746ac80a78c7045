SELECT
    path,
    level
FROM organisation_paths
WHERE code = $1
