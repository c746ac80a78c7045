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
WHERE case_facts.taken_at IS NULL
ORDER BY case_facts.id
LIMIT $1
