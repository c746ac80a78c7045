SELECT
    account,
    methods,
    challenge
FROM ceremonies
WHERE
    token_hash = $1
    AND kind = $2
    AND expires_at > $3
