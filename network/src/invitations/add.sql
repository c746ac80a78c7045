INSERT INTO invitations (
    id,
    token_hash,
    account,
    login,
    name,
    organisation,
    role,
    invited_by,
    invited_at,
    expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
