INSERT INTO scim_groups (
    id,
    organisation,
    external_id,
    display_name_key,
    document,
    version,
    created_at,
    modified_at
)
VALUES ($1, $2, $3, $4, $5, 1, $6, $7)
