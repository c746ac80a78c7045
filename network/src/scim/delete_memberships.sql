DELETE FROM scim_members
WHERE member = $1
