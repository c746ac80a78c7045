INSERT INTO openid_codes (
    hash,
    application,
    account,
    session,
    redirect_address,
    scopes,
    data,
    id_token_data,
    nonce,
    challenge,
    auth_time,
    acr,
    amr,
    issued_at,
    expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
