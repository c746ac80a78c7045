SELECT
    code,
    path
FROM organisation_paths
