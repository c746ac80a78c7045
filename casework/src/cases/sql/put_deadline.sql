INSERT INTO case_deadlines (
    case_id,
    name,
    started_at,
    due_at,
    due_on,
    estimated,
    next_at,
    reminders,
    overdue_at,
    closed_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (case_id, name, started_at) DO UPDATE
SET
    due_at = excluded.due_at,
    due_on = excluded.due_on,
    estimated = excluded.estimated,
    next_at = excluded.next_at,
    reminders = excluded.reminders,
    overdue_at = excluded.overdue_at,
    closed_at = excluded.closed_at
