UPDATE case_facts
SET
    tried_at = $2,
    fault = $3
WHERE
    id = $1
    AND taken_at IS NULL
