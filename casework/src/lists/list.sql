SELECT
    case_lines.*,
    '' AS role
FROM case_lines
WHERE
    (
        case_lines.beginner = $1
        OR EXISTS (
            SELECT 1
            FROM case_assignments
            WHERE
                case_assignments.case_id = case_lines.id
                AND case_assignments.account = $1
        )
        OR (
            $2 LIKE '%;' || case_lines.procedure || ';%'
            AND EXISTS (
                SELECT 1
                FROM
                    case_organisations
                    JOIN organisation_paths scope ON scope.code = case_organisations.code
                WHERE
                    case_organisations.case_id = case_lines.id
                    AND scope.path >= $11 AND scope.path < $12
            )
        )
    )
    AND ($3 = '' OR case_lines.procedure = $3)
    AND ($4 = '' OR ';' || case_lines.marking || ';' LIKE '%;' || $4 || ';%')
    AND ($5 = '' OR case_lines.words LIKE '%' || $5 || '%' ESCAPE '!')
    AND ($6 = 0 OR case_lines.ended_at IS NULL)
    AND ($7 = 0 OR case_lines.overdue_at IS NOT NULL)
    AND ($8 = '' OR case_lines.id < $8)
    AND (
        $10 = ''
        OR case_lines.organisation = $10
        OR EXISTS (
            SELECT 1
            FROM
                organisation_paths asked
                JOIN organisation_paths own ON substr(own.path, 1, length(asked.path)) = asked.path
            WHERE
                asked.code = $10
                AND own.code = case_lines.organisation
        )
    )
ORDER BY case_lines.id DESC
LIMIT $9
