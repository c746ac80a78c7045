INSERT INTO scim_users (
    id,
    external_id,
    user_name_key,
    display_name_key,
    family_name_key,
    given_name_key,
    active,
    document,
    version,
    created_at,
    modified_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)
