UPDATE scim_groups
SET
    external_id = $2,
    display_name_key = $3,
    document = $4,
    version = version + 1,
    modified_at = $5
WHERE
    id = $1
    AND version = $6
