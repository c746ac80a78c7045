SELECT
    year,
    school AS org,
    SUM(CASE WHEN degree_type = 'professional'
        AND campus_supervisor IS NOT NULL AND industry_supervisor IS NOT NULL
        THEN 1 ELSE 0 END) AS professional,
    SUM(CASE WHEN degree_type = 'professional' AND campus_supervisor AND industry_supervisor
        THEN 1 ELSE 0 END) AS with_two
FROM postgraduates
GROUP BY year, school
