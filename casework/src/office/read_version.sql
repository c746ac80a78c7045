SELECT
    name,
    files
FROM procedure_versions
WHERE version = $1
