SELECT
    year,
    school AS org,
    SUM(CASE WHEN grade = 'G9' THEN 1 ELSE 0 END) AS grade_nine,
    SUM(CASE WHEN stage IN ('senior', 'vocational') THEN 1 ELSE 0 END) AS upper_secondary
FROM enrolments
GROUP BY year, school
