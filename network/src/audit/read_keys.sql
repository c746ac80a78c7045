SELECT
    id,
    public_key,
    since,
    predecessor,
    vouched
FROM audit_keys
ORDER BY since
