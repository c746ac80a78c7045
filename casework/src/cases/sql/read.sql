SELECT
    number,
    procedure,
    version,
    organisation,
    beginner,
    form,
    revision,
    returns,
    objections,
    last_hash,
    begun_at,
    changed_at,
    ended_at
FROM cases
WHERE id = $1
