DELETE FROM scim_users
WHERE id IN (SELECT id FROM accounts WHERE person = $1)
