DELETE FROM scim_members
WHERE
    scim_group = $1
    AND member = $2
