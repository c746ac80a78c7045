SELECT
    year,
    school AS org,
    SUM(CASE WHEN NOT exempt AND fitness_grade IS NOT NULL THEN 1 ELSE 0 END) AS graded,
    SUM(CASE WHEN NOT exempt AND fitness_grade IN ('excellent', 'good') THEN 1 ELSE 0 END) AS good
FROM fitness_tests
GROUP BY year, school
