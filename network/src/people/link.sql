INSERT INTO outside_identities (
    issuer,
    subject,
    person,
    linked_at,
    linked_by
)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (issuer, subject) DO NOTHING
