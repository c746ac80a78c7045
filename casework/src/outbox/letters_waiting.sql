SELECT
    case_letters.id,
    case_letters.case_id,
    cases.version,
    case_letters.name,
    case_letters.data,
    case_letters.ordered_at,
    case_letters.document,
    case_letters.issued_at
FROM
    case_letters
    JOIN cases ON cases.id = case_letters.case_id
WHERE case_letters.issued_at IS NULL
ORDER BY case_letters.id
LIMIT $1
