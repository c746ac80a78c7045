SELECT
    role,
    seed,
    tickets,
    chosen,
    commitment
FROM case_draws
WHERE case_id = $1
ORDER BY sequence
