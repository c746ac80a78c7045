SELECT
    code,
    name_zh,
    name_en,
    issuer,
    client,
    sealed_secret,
    organisation
FROM outside_providers
WHERE
    code = $1
    AND ended_at IS NULL
