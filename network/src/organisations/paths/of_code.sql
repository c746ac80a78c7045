SELECT path
FROM organisation_paths
WHERE code = $1
