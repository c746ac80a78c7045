SELECT
    code,
    valid_from,
    recorded_at,
    valid_to,
    superseded_at,
    name_zh,
    name_en,
    level,
    kind,
    founder,
    stages,
    area_class
FROM organisations
