SELECT
    code,
    name_zh,
    name_en,
    issuer,
    client,
    sealed_secret,
    organisation
FROM outside_providers
WHERE ended_at IS NULL
ORDER BY code
