DELETE FROM outside_sign_ins
WHERE
    proof_hash = $1
    AND expires_at > $2
RETURNING
    provider,
    next
