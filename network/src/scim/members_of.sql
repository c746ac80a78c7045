SELECT
    member,
    kind
FROM
    scim_members
WHERE
    scim_group = $1
ORDER BY
    member
