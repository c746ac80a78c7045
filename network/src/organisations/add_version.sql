INSERT INTO organisations (
    code,
    valid_from,
    recorded_at,
    valid_to,
    name_zh,
    name_en,
    level,
    kind,
    founder,
    stages,
    area_class
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
