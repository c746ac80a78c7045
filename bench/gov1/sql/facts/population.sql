SELECT
    year,
    area AS org,
    SUM(CASE WHEN age BETWEEN 3 AND 5 THEN persons ELSE 0 END) AS aged_3_5,
    SUM(CASE WHEN age BETWEEN 15 AND 17 THEN persons ELSE 0 END) AS aged_15_17,
    SUM(CASE WHEN age BETWEEN 18 AND 22 THEN persons ELSE 0 END) AS aged_18_22
FROM population
GROUP BY year, area
