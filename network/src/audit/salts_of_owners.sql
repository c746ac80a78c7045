SELECT
    audit_salts.person,
    audit_salts.salt
FROM
    accounts
    JOIN audit_salts ON audit_salts.person = accounts.person
WHERE accounts.id IN ($1)
