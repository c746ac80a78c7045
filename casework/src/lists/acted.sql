SELECT DISTINCT
    case_steps.case_id,
    case_steps.role
FROM
    case_steps
    JOIN case_tasks ON case_tasks.case_id = case_steps.case_id
WHERE
    case_steps.actor = $1
    AND case_steps.role <> ''
