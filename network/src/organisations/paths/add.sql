INSERT INTO organisation_paths (
    code,
    path,
    level
)
VALUES ($1, $2, $3)
