SELECT DISTINCT
    code
FROM
    organisations
WHERE
    superseded_at IS NULL
