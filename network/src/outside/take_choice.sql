DELETE FROM outside_choices
WHERE
    proof_hash = $1
    AND expires_at > $2
RETURNING
    issuer,
    subject,
    next
