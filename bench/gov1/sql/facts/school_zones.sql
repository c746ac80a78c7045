SELECT
    year,
    school AS org,
    COUNT(DISTINCT 1) AS zoned
FROM school_zones
GROUP BY year, school
