SELECT
    openid_access_tokens.scopes AS token_scopes,
    openid_access_tokens.issued_at AS token_issued_at,
    openid_access_tokens.expires_at AS token_expires_at,
    openid_access_tokens.revoked_at AS token_revoked_at,
    openid_families.application,
    openid_families.account,
    openid_families.session,
    openid_families.scopes,
    openid_families.data,
    openid_families.auth_time,
    openid_families.acr,
    openid_families.amr,
    openid_families.expires_at,
    openid_families.revoked_at,
    accounts.closed_at AS account_closed_at,
    sessions.ended_at AS session_ended_at
FROM
    openid_access_tokens
    JOIN openid_families ON openid_families.id = openid_access_tokens.family
    LEFT JOIN accounts ON accounts.id = openid_families.account
    LEFT JOIN sessions ON sessions.id = openid_families.session
WHERE openid_access_tokens.hash = $1
