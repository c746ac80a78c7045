DELETE FROM openid_refresh_tokens
WHERE family IN (
    SELECT openid_families.id
    FROM
        openid_families
        JOIN accounts ON accounts.id = openid_families.account
    WHERE accounts.person = $1
)
