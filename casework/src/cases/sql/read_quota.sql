SELECT held
FROM case_quotas
WHERE
    procedure = $1
    AND part = $2
