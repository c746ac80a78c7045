DELETE FROM organisation_paths
WHERE code = $1
