SELECT
    case_facts.id,
    cases.number,
    cases.procedure,
    case_facts.dataset,
    case_facts.fact,
    case_facts.handed_at
FROM
    case_facts
    JOIN cases ON cases.id = case_facts.case_id
WHERE
    case_facts.taken_at IS NULL
    AND case_facts.dataset = $1
    AND case_facts.id > $3
    AND NOT EXISTS (
        SELECT 1
        FROM case_facts AS refused
        WHERE
            refused.case_id = case_facts.case_id
            AND refused.dataset = case_facts.dataset
            AND refused.id <= case_facts.id
            AND refused.taken_at IS NULL
            AND refused.tried_at > $2
    )
ORDER BY case_facts.id
LIMIT $4
