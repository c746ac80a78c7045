SELECT
    openid_access_tokens.scopes AS token_scopes,
    openid_access_tokens.issued_at AS token_issued_at,
    openid_access_tokens.expires_at AS token_expires_at,
    openid_access_tokens.revoked_at AS token_revoked_at,
    openid_families.application,
    openid_families.account,
    openid_families.session,
    openid_families.scopes,
    openid_families.data,
    openid_families.auth_time,
    openid_families.acr,
    openid_families.amr,
    openid_families.expires_at,
    openid_families.revoked_at,
    accounts.closed_at AS account_closed_at,
    sessions.ended_at AS session_ended_at,
    applications.data AS allowed,
    applications.sector,
    applications.expires_at AS application_expires_at,
    applications.ended_at AS application_ended_at,
    people.id AS person,
    COALESCE(accounts.login, '') AS login,
    COALESCE(accounts.home, '') AS home,
    COALESCE(people.name, '') AS name,
    COALESCE(people.recorded_at, 0) AS recorded_at,
    person_profiles.family_name,
    person_profiles.given_name,
    person_profiles.locale,
    person_profiles.email,
    person_profiles.email_verified,
    person_profiles.phone_number,
    person_profiles.phone_number_verified,
    person_profiles.address,
    person_profiles.updated_at,
    organisations.name_zh AS home_name_zh,
    organisations.name_en AS home_name_en
FROM
    openid_access_tokens
    JOIN openid_families ON openid_families.id = openid_access_tokens.family
    JOIN applications ON applications.code = openid_families.application
    LEFT JOIN sessions ON sessions.id = openid_families.session
    LEFT JOIN accounts ON accounts.id = openid_families.account
    LEFT JOIN people ON people.id = accounts.person
    LEFT JOIN person_profiles ON person_profiles.person = accounts.person
    LEFT JOIN organisations
        ON organisations.code = accounts.home
        AND organisations.valid_to IS NULL
        AND organisations.superseded_at IS NULL
WHERE openid_access_tokens.hash = $1
