SELECT
    id,
    organisation
FROM
    issued_tokens
WHERE
    token_hash = $1
    AND interface = $2
    AND expires_at > $3
    AND ended_at IS NULL
