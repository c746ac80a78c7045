INSERT INTO application_consents (account, application, given_at, data, offline)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account, application, given_at) DO UPDATE SET
    data = excluded.data,
    offline = excluded.offline,
    withdrawn_at = NULL
