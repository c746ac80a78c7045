SELECT
    applications.code,
    applications.name_zh,
    applications.name_en,
    applications.purpose_zh,
    applications.purpose_en,
    applications.owner_organisation,
    applications.owner_account,
    applications.home,
    applications.data,
    applications.services,
    applications.roles,
    applications.redirect_addresses,
    applications.logout_addresses,
    applications.notice_address,
    applications.authentication,
    applications.secret_hash,
    applications.client_keys,
    applications.algorithm,
    applications.proof_required,
    applications.sector,
    applications.consent_asked,
    applications.offline,
    applications.registered_at,
    applications.reviewed_at,
    applications.expires_at,
    applications.ended_at,
    (
        SELECT STRING_AGG(application_organisations.organisation, ' ')
        FROM application_organisations
        WHERE
            application_organisations.application = applications.code
            AND application_organisations.withdrawn_at IS NULL
    ) AS granted,
    application_consents.given_at AS consent_given_at,
    application_consents.data AS consent_data,
    application_consents.offline AS consent_offline,
    (
        SELECT COUNT(*)
        FROM
            accounts
            JOIN organisation_paths AS home ON home.code = accounts.home
            JOIN application_organisations ON application_organisations.application = applications.code
            JOIN organisation_paths AS granted ON granted.code = application_organisations.organisation
        WHERE
            accounts.id = $2
            AND accounts.closed_at IS NULL
            AND application_organisations.withdrawn_at IS NULL
            AND SUBSTR(home.path, 1, LENGTH(granted.path)) = granted.path
    ) AS reaching,
    (
        SELECT STRING_AGG(grants.role, ' ')
        FROM grants
        WHERE
            grants.account = $2
            AND grants.valid_from <= $3
            AND (
                grants.valid_until IS NULL
                OR grants.valid_until > $3
            )
            AND grants.revoked_at IS NULL
    ) AS held_roles
FROM
    applications
    LEFT JOIN application_consents
        ON application_consents.application = applications.code
        AND application_consents.account = $2
        AND application_consents.withdrawn_at IS NULL
WHERE applications.code = $1
