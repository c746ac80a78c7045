SELECT
    year,
    area AS org,
    SUM(pupils) AS pupils
FROM grade_one_history
GROUP BY year, area
