SELECT
    year,
    school AS org,
    SUM(CASE WHEN stage IN ('primary', 'junior') THEN 1 ELSE 0 END) AS compulsory,
    SUM(CASE WHEN stage IN ('primary', 'junior') AND pupils >= 56 THEN 1 ELSE 0 END) AS large
FROM classes
GROUP BY year, school
