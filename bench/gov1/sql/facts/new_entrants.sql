SELECT
    year,
    area AS org,
    SUM(persons * (
        CASE level
            WHEN 'primary' THEN 6
            WHEN 'junior' THEN 9
            WHEN 'senior' THEN 12
            WHEN 'college' THEN 15
            WHEN 'bachelor' THEN 16
            WHEN 'postgraduate' THEN 19
            WHEN 'college_plus' THEN 16
            ELSE 0
        END
    )) AS years_of_schooling,
    SUM(persons) AS persons
FROM new_entrants
GROUP BY year, area
