DELETE FROM audit_salts
WHERE person = $1
