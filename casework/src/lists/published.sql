SELECT cases.id
FROM
    cases
    JOIN case_states ON case_states.case_id = cases.id
WHERE
    cases.procedure = $1
    AND case_states.state = $2
ORDER BY cases.id DESC
LIMIT $3
