INSERT INTO outside_choices (
    proof_hash,
    issuer,
    subject,
    person,
    next,
    begun_at,
    expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7)
