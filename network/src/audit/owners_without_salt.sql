SELECT DISTINCT accounts.person
FROM
    accounts
    LEFT JOIN audit_salts ON audit_salts.person = accounts.person
WHERE
    accounts.person > $1
    AND audit_salts.person IS NULL
ORDER BY accounts.person
LIMIT $2
