UPDATE openid_codes
SET issued_at = issued_at
WHERE hash = $1
RETURNING
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
    expires_at,
    family,
    (
        SELECT sessions.ended_at
        FROM sessions
        WHERE sessions.id = openid_codes.session
    ) AS session_ended_at,
    (
        SELECT accounts.closed_at
        FROM accounts
        WHERE accounts.id = openid_codes.account
    ) AS account_closed_at
