SELECT cases.number
FROM
    case_subjects
    JOIN cases ON cases.id = case_subjects.case_id
WHERE
    case_subjects.procedure = $1
    AND case_subjects.subject = $2
