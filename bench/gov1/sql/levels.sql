-- Numerators and denominators of every school, district and the city.
SELECT indicator, 'school' AS level, school AS code, year, SUM(above) AS above, SUM(below) AS below
FROM f_placed
WHERE school IS NOT NULL
    AND (indicator LIKE 'GEN-%' OR indicator IN ('IND-08', 'IND-11', 'IND-12', 'IND-13', 'IND-15', 'IND-16', 'IND-17', 'IND-18', 'IND-19', 'IND-20'))
GROUP BY indicator, school, year
UNION ALL
SELECT indicator, 'district', district, year, SUM(above), SUM(below)
FROM f_placed
WHERE district IS NOT NULL AND indicator NOT IN ('IND-04', 'IND-05')
GROUP BY indicator, district, year
UNION ALL
SELECT indicator, 'city', city, year, SUM(above), SUM(below)
FROM f_placed
WHERE city IS NOT NULL
GROUP BY indicator, city, year
