UPDATE cases
SET revision = revision
WHERE id = $1
RETURNING
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
