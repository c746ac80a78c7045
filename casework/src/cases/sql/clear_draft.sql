DELETE FROM case_drafts
WHERE
    case_id = $1
    AND account = $2
