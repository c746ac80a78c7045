DELETE FROM scim_users
WHERE id = $1
