INSERT INTO audit_persons (
    sequence,
    object
)
VALUES ($1, $2)
