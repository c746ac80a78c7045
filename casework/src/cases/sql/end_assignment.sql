DELETE FROM case_assignments
WHERE
    case_id = $1
    AND role = $2
    AND account = $3
