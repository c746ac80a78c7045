DELETE FROM scim_emails
WHERE account = $1
