DELETE FROM application_consents
WHERE account IN (SELECT id FROM accounts WHERE person = $1)
