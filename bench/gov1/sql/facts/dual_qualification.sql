SELECT
    year,
    school AS org,
    COUNT(*) AS teachers,
    SUM(CASE WHEN dual_qualified THEN 1 ELSE 0 END) AS dual
FROM dual_qualification
GROUP BY year, school
