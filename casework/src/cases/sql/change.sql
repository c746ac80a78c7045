UPDATE cases
SET
    version = $2,
    form = $3,
    words = $4,
    revision = $5,
    returns = $6,
    objections = $7,
    last_hash = $8,
    changed_at = $9,
    ended_at = $10,
    marking = $11
WHERE
    id = $1
    AND revision = $5 - 1
