DELETE FROM scim_emails
WHERE account IN (SELECT id FROM accounts WHERE person = $1)
