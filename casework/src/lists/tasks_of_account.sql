SELECT
    case_lines.*,
    case_tasks.role
FROM
    case_tasks
    JOIN case_lines ON case_lines.id = case_tasks.case_id
WHERE
    case_tasks.account = $1
    AND ($3 = '' OR $3 LIKE '%;' || case_tasks.case_id || ';%')
ORDER BY case_lines.id
LIMIT $2
