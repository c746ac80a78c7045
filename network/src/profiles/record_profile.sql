INSERT INTO person_profiles (
    person,
    family_name,
    given_name,
    locale,
    email,
    email_verified,
    phone_number,
    phone_number_verified,
    address,
    updated_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (person) DO UPDATE SET
    family_name = excluded.family_name,
    given_name = excluded.given_name,
    locale = excluded.locale,
    email = excluded.email,
    email_verified = excluded.email_verified,
    phone_number = excluded.phone_number,
    phone_number_verified = excluded.phone_number_verified,
    address = excluded.address,
    updated_at = excluded.updated_at
