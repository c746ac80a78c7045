INSERT INTO outside_requests (
    id,
    provider,
    issuer,
    subject,
    said_name,
    said_login,
    asked_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (issuer, subject) DO NOTHING
