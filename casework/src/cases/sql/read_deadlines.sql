SELECT
    name,
    started_at,
    due_at,
    due_on,
    estimated,
    next_at,
    reminders,
    overdue_at,
    closed_at
FROM case_deadlines
WHERE case_id = $1
ORDER BY
    started_at,
    name
