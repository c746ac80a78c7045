UPDATE scim_users
SET
    external_id = $2,
    user_name_key = $3,
    display_name_key = $4,
    family_name_key = $5,
    given_name_key = $6,
    active = $7,
    document = $8,
    version = version + 1,
    modified_at = $9
WHERE
    id = $1
    AND version = $10
