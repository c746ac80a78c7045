-- The figures: what is left to do where an indicator is more than one sum over another.
WITH cohort AS (
    SELECT a.indicator, a.level, a.code, a.year, a.above + b.above AS above, a.below + b.below AS below
    FROM f_levels AS a
    INNER JOIN f_levels AS b
        ON b.indicator = 'IND-02-changes' AND b.level = a.level AND b.code = a.code AND b.year = a.year
    WHERE a.indicator = 'IND-02'
),
recognised AS (
    SELECT 'IND-14' AS indicator, 'district' AS level, code, year, CASE WHEN above > 0 THEN 1.0 ELSE 0.0 END AS above, 1.0 AS below
    FROM f_levels
    WHERE indicator = 'IND-14' AND level = 'district'
),
recognised_in_city AS (
    SELECT 'IND-14' AS indicator, 'city' AS level, c.code, c.year, c.above, d.districts AS below
    FROM (
        SELECT o.city AS code, r.year, SUM(r.above) AS above
        FROM recognised AS r
        INNER JOIN shown AS o ON o.year = r.year AND o.code = r.code
        GROUP BY o.city, r.year
    ) AS c
    INNER JOIN (
        SELECT city, year, CAST(COUNT(*) AS DOUBLE PRECISION) AS districts
        FROM shown
        WHERE level = 'district'
        GROUP BY city, year
    ) AS d ON d.city = c.code AND d.year = c.year
),
zoned AS (
    SELECT 'IND-11' AS indicator, s.level, s.code, s.year, COALESCE(l.above, 0.0) AS above, l.below
    FROM shown AS s
    LEFT JOIN f_levels AS l
        ON l.indicator = 'IND-11' AND l.level = s.level AND l.code = s.code AND l.year = s.year
),
summed AS (
    SELECT indicator, level, code, year, above, below
    FROM f_levels
    WHERE indicator NOT IN ('IND-02', 'IND-02-changes', 'IND-11', 'IND-14')
    UNION ALL
    SELECT indicator, level, code, year, above, below FROM cohort
    UNION ALL
    SELECT indicator, level, code, year, above, below FROM recognised
    UNION ALL
    SELECT indicator, level, code, year, above, below FROM recognised_in_city
    UNION ALL
    SELECT indicator, level, code, year, above, below FROM zoned
)
SELECT
    indicator,
    level,
    code,
    year,
    above AS numerator,
    below AS denominator,
    CASE
        WHEN indicator = 'IND-08' THEN above
        WHEN below > 0 THEN above * (
            CASE
                WHEN indicator IN ('IND-06', 'IND-07') THEN 1.0
                WHEN indicator = 'IND-05' THEN 100000.0
                ELSE 100.0
            END
        ) / below
    END AS value
FROM summed
WHERE year BETWEEN 2020 AND 2025 AND (above IS NOT NULL OR below IS NOT NULL)
