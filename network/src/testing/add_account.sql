INSERT INTO accounts (
    id,
    person,
    login,
    home,
    opened_at
)
VALUES ($1, $2, $3, $4, $5)
