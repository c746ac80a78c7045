INSERT INTO audit_days (
    day,
    first_entry,
    entries,
    root,
    previous_root,
    signing_key,
    signature,
    signed_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
