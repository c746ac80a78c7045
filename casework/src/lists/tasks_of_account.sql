SELECT
    cases.id,
    cases.number,
    cases.procedure,
    cases.version,
    cases.organisation,
    cases.marking,
    cases.begun_at,
    cases.changed_at,
    cases.ended_at,
    (
        SELECT MIN(case_deadlines.due_at)
        FROM case_deadlines
        WHERE
            case_deadlines.case_id = cases.id
            AND case_deadlines.closed_at IS NULL
    ),
    (
        SELECT MIN(case_deadlines.overdue_at)
        FROM case_deadlines
        WHERE
            case_deadlines.case_id = cases.id
            AND case_deadlines.closed_at IS NULL
    ),
    case_tasks.role
FROM
    case_tasks
    JOIN cases ON cases.id = case_tasks.case_id
WHERE case_tasks.account = $1
ORDER BY cases.id
LIMIT $2
