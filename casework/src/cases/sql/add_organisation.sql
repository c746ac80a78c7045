INSERT INTO case_organisations (case_id, field, code)
VALUES ($1, $2, $3)
