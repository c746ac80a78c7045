UPDATE case_facts
SET taken_at = $2
WHERE
    id = $1
    AND taken_at IS NULL
