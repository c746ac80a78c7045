SELECT
    year,
    area AS org,
    SUM(CASE WHEN kind = 'balanced' AND recognition = 'national' THEN 1 ELSE 0 END) AS balanced
FROM recognised_districts
GROUP BY year, area
