DELETE FROM scim_members
WHERE member IN (SELECT id FROM accounts WHERE person = $1)
