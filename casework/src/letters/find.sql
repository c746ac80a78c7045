SELECT
    number,
    letter_id,
    case_id,
    language,
    reference,
    kind,
    title_zh,
    title_en,
    issuer_zh,
    issuer_en,
    hash,
    size,
    issued_at,
    revoked_at,
    revoked_why
FROM issued_letters
WHERE number = $1
