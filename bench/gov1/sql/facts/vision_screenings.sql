SELECT
    year,
    school AS org,
    SUM(CASE WHEN round = 'autumn'
        AND stage IN ('primary', 'junior', 'senior', 'vocational')
        AND (orthokeratology OR (
            acuity_right IS NOT NULL AND acuity_left IS NOT NULL
            AND sphere_right IS NOT NULL AND sphere_left IS NOT NULL
            AND cylinder_right IS NOT NULL AND cylinder_left IS NOT NULL
        ))
        THEN 1 ELSE 0 END) AS screened,
    SUM(CASE WHEN round = 'autumn'
        AND stage IN ('primary', 'junior', 'senior', 'vocational')
        AND (orthokeratology OR (
            acuity_right IS NOT NULL AND acuity_left IS NOT NULL
            AND sphere_right IS NOT NULL AND sphere_left IS NOT NULL
            AND cylinder_right IS NOT NULL AND cylinder_left IS NOT NULL
        ))
        AND (orthokeratology
            OR (acuity_right < 5 AND 2 * sphere_right + cylinder_right <= -1)
            OR (acuity_left < 5 AND 2 * sphere_left + cylinder_left <= -1))
        THEN 1 ELSE 0 END) AS myopic
FROM vision_screenings
GROUP BY year, school
