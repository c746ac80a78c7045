INSERT INTO personal_requests (
    id,
    person,
    kind,
    value,
    home,
    asked_by,
    asked_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7)
