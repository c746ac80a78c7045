SELECT
    year,
    school AS org,
    SUM(converted) AS converted,
    SUM(CASE WHEN kind IN ('undergraduate', 'vocational_college', 'postgraduate', 'adult') THEN students ELSE 0 END)
        AS students
FROM higher_enrolments
GROUP BY year, school
