SELECT
    year,
    area AS org,
    SUM(CASE WHEN age_group = 'working' THEN persons * (
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
    ) ELSE 0 END) AS years_of_schooling,
    SUM(CASE WHEN age_group = 'working' THEN persons ELSE 0 END) AS persons
FROM attainment
GROUP BY year, area
