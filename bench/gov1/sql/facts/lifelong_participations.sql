SELECT
    year,
    provider AS org,
    SUM(participations) AS participations
FROM lifelong_participations
GROUP BY year, provider
