INSERT INTO legal_holds (
    id,
    person,
    reason,
    set_by,
    set_at
)
VALUES ($1, $2, $3, $4, $5)
