INSERT INTO outside_providers (
    code,
    name_zh,
    name_en,
    issuer,
    client,
    sealed_secret,
    added_at,
    organisation
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (code) DO NOTHING
