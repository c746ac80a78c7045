SELECT
    cases.procedure,
    cases.organisation,
    cases.marking,
    COUNT(DISTINCT cases.id),
    MIN(case_deadlines.due_at)
FROM
    case_deadlines
    JOIN cases ON cases.id = case_deadlines.case_id
WHERE
    case_deadlines.closed_at IS NULL
    AND case_deadlines.overdue_at IS NOT NULL
    AND (
        cases.beginner = $1
        OR EXISTS (
            SELECT 1
            FROM case_assignments
            WHERE
                case_assignments.case_id = cases.id
                AND case_assignments.account = $1
        )
        OR (
            $2 LIKE '%;' || cases.procedure || ';%'
            AND EXISTS (
                SELECT 1
                FROM
                    case_organisations
                    JOIN organisation_paths scope ON scope.code = case_organisations.code
                WHERE
                    case_organisations.case_id = cases.id
                    AND scope.path >= $3 AND scope.path < $4
            )
        )
    )
GROUP BY
    cases.procedure,
    cases.organisation,
    cases.marking
ORDER BY
    cases.procedure,
    cases.organisation,
    cases.marking
