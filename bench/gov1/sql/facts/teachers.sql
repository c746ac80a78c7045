SELECT
    year,
    school AS org,
    SUM(CASE WHEN full_time AND stage IN ('primary', 'junior') AND degree IS NOT NULL THEN 1 ELSE 0 END)
        AS compulsory_known,
    SUM(CASE WHEN full_time AND stage IN ('primary', 'junior') AND degree IN ('bachelor', 'master', 'doctor')
        THEN 1 ELSE 0 END) AS compulsory_bachelor,
    SUM(CASE WHEN full_time AND stage = 'higher' AND degree IS NOT NULL THEN 1 ELSE 0 END) AS higher_known,
    SUM(CASE WHEN full_time AND stage = 'higher' AND degree IN ('master', 'doctor') THEN 1 ELSE 0 END)
        AS higher_master
FROM teachers
GROUP BY year, school
