INSERT INTO issued_letters (
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
    issued_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
