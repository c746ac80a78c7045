-- A case as a line of a list: with the earliest of its running time limits, and since when one of them is overdue.
CREATE VIEW case_lines AS
SELECT
    cases.id,
    cases.number,
    cases.procedure,
    cases.version,
    cases.organisation,
    cases.beginner,
    cases.marking,
    cases.words,
    cases.begun_at,
    cases.changed_at,
    cases.ended_at,
    (
        SELECT MIN(case_deadlines.due_at)
        FROM case_deadlines
        WHERE
            case_deadlines.case_id = cases.id
            AND case_deadlines.closed_at IS NULL
    ) AS due_at,
    (
        SELECT MIN(case_deadlines.overdue_at)
        FROM case_deadlines
        WHERE
            case_deadlines.case_id = cases.id
            AND case_deadlines.closed_at IS NULL
    ) AS overdue_at
FROM cases;
