SELECT
    case_lines.*,
    case_tasks.role
FROM
    case_tasks
    JOIN case_lines ON case_lines.id = case_tasks.case_id
    JOIN organisation_paths scope ON scope.code = case_tasks.code
WHERE
    case_tasks.role_grant = $1
    AND case_tasks.depth IN (0, $5)
    AND scope.path >= $3
    AND scope.path < $4
    AND ($6 = '' OR $6 LIKE '%;' || case_tasks.case_id || ';%')
ORDER BY case_lines.id
LIMIT $2
