SELECT
    year,
    area AS org,
    SUM(transferred_out - transferred_in) AS moved,
    SUM(died) AS died
FROM cohort_changes
GROUP BY year, area
