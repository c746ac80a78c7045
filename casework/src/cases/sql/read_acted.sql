SELECT DISTINCT
    role,
    actor
FROM case_steps
WHERE
    case_id = $1
    AND actor IS NOT NULL
    AND role <> ''
