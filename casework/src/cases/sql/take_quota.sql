UPDATE case_quotas
SET held = held + 1
WHERE
    procedure = $1
    AND part = $2
    AND held < $3
