INSERT INTO audit_salts (
    person,
    salt
)
VALUES ($1, $2)
