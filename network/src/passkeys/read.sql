SELECT
    account,
    algorithm,
    public_key,
    sign_count
FROM passkeys
WHERE id = $1
