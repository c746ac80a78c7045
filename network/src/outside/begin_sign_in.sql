INSERT INTO outside_sign_ins (
    proof_hash,
    provider,
    next,
    begun_at,
    expires_at
)
VALUES ($1, $2, $3, $4, $5)
