INSERT INTO openid_families (
    id,
    application,
    account,
    session,
    scopes,
    data,
    auth_time,
    acr,
    amr,
    begun_at,
    expires_at,
    notices
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)
