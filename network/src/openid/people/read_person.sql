SELECT
    accounts.login,
    accounts.home,
    people.name,
    people.recorded_at,
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
    accounts
    JOIN people ON people.id = accounts.person
    LEFT JOIN person_profiles ON person_profiles.person = accounts.person
    LEFT JOIN organisations
        ON organisations.code = accounts.home
        AND organisations.valid_to IS NULL
        AND organisations.superseded_at IS NULL
WHERE
    accounts.id = $1
    AND accounts.closed_at IS NULL
