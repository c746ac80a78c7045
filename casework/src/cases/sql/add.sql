INSERT INTO cases (
    id,
    number,
    procedure,
    version,
    organisation,
    beginner,
    marking,
    form,
    words,
    revision,
    returns,
    objections,
    last_hash,
    begun_at,
    changed_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', $8, 0, 0, 0, $9, $10, $10)
