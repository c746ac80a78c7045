SELECT
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
    openid_families
    LEFT JOIN accounts ON accounts.id = openid_families.account
    LEFT JOIN sessions ON sessions.id = openid_families.session
WHERE openid_families.id = $1
