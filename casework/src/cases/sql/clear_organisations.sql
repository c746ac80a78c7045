DELETE FROM case_organisations
WHERE case_id = $1
