SELECT
    code,
    path,
    level
FROM organisation_paths
