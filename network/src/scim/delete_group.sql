DELETE FROM scim_groups
WHERE id = $1
