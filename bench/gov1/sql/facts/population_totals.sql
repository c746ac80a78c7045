SELECT
    year,
    area AS org,
    SUM(persons) AS residents
FROM population_totals
GROUP BY year, area
