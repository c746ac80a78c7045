SELECT
    family_name,
    given_name,
    locale,
    email,
    email_verified,
    phone_number,
    phone_number_verified,
    address
FROM person_profiles
WHERE person = $1
