SELECT
    code,
    name_zh,
    name_en,
    purpose_zh,
    purpose_en,
    owner_organisation,
    owner_account,
    home,
    data,
    services,
    roles,
    redirect_addresses,
    logout_addresses,
    notice_address,
    authentication,
    secret_hash,
    client_keys,
    algorithm,
    proof_required,
    sector,
    consent_asked,
    offline,
    registered_at,
    reviewed_at,
    expires_at,
    ended_at,
    (
        SELECT STRING_AGG(application_organisations.organisation, ' ')
        FROM application_organisations
        WHERE
            application_organisations.application = applications.code
            AND application_organisations.withdrawn_at IS NULL
    ) AS granted
FROM applications
WHERE code = $1
