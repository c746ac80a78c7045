UPDATE application_consents
SET withdrawn_at = $3
WHERE
    account = $1
    AND application = $2
    AND withdrawn_at IS NULL
