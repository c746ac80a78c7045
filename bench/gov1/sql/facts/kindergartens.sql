SELECT
    year,
    school AS org,
    SUM(children) AS children,
    SUM(CASE WHEN founder <> 'private' THEN children ELSE 0 END) AS children_public,
    SUM(CASE WHEN founder <> 'private' OR inclusive THEN children ELSE 0 END) AS children_inclusive
FROM kindergartens
GROUP BY year, school
