SELECT
    year,
    school AS org,
    COUNT(*) AS institutions
FROM institutions
GROUP BY year, school
