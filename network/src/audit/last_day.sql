SELECT
    day,
    first_entry,
    entries,
    root,
    previous_root,
    signing_key,
    signature,
    signed_at
FROM audit_days
ORDER BY first_entry DESC
LIMIT 1
