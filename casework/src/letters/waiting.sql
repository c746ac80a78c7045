SELECT
    case_letters.id,
    case_letters.case_id,
    cases.version,
    cases.number,
    cases.organisation,
    case_letters.name,
    case_letters.data,
    (
        SELECT COUNT(*)
        FROM case_letters AS earlier
        WHERE
            earlier.case_id = case_letters.case_id
            AND earlier.id <= case_letters.id
    )
FROM
    case_letters
    JOIN cases ON cases.id = case_letters.case_id
WHERE
    case_letters.issued_at IS NULL
    AND case_letters.id > $1
ORDER BY case_letters.id
LIMIT $2
