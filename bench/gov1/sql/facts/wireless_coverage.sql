SELECT
    year,
    school AS org,
    COUNT(*) AS measured,
    SUM(CASE WHEN coverage = 'full' THEN 1 ELSE 0 END) AS covered
FROM wireless_coverage
GROUP BY year, school
