UPDATE issued_letters
SET
    revoked_at = $2,
    revoked_why = $3
WHERE
    revoked_at IS NULL
    AND letter_id = (
        SELECT named.letter_id
        FROM issued_letters AS named
        WHERE named.number = $1
    )
