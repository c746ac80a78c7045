UPDATE case_letters
SET
    document = $2,
    issued_at = $3
WHERE
    id = $1
    AND issued_at IS NULL
