SELECT
    cases.id,
    cases.number,
    cases.procedure,
    cases.version,
    cases.organisation,
    cases.marking,
    cases.begun_at,
    cases.changed_at,
    cases.ended_at,
    (
        SELECT MIN(case_deadlines.due_at)
        FROM case_deadlines
        WHERE
            case_deadlines.case_id = cases.id
            AND case_deadlines.closed_at IS NULL
    ),
    (
        SELECT MIN(case_deadlines.overdue_at)
        FROM case_deadlines
        WHERE
            case_deadlines.case_id = cases.id
            AND case_deadlines.closed_at IS NULL
    ),
    ''
FROM cases
WHERE
    (
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
                    AND scope.path >= $11 AND scope.path < $12
            )
        )
    )
    AND ($3 = '' OR cases.procedure = $3)
    AND ($4 = '' OR ';' || cases.marking || ';' LIKE '%;' || $4 || ';%')
    AND ($5 = '' OR cases.words LIKE '%' || $5 || '%' ESCAPE '!')
    AND ($6 = 0 OR cases.ended_at IS NULL)
    AND (
        $7 = 0
        OR EXISTS (
            SELECT 1
            FROM case_deadlines
            WHERE
                case_deadlines.case_id = cases.id
                AND case_deadlines.closed_at IS NULL
                AND case_deadlines.overdue_at IS NOT NULL
        )
    )
    AND ($8 = '' OR cases.id < $8)
    AND ($10 = '' OR cases.organisation = $10)
ORDER BY cases.id DESC
LIMIT $9
