-- Parts with the organisations that hold them, as they stood on the day the facts speak of;
-- nothing of an organisation counts where an indicator leaves out organisations of its kind.
SELECT
    p.indicator,
    p.year,
    o.school,
    o.district,
    o.city,
    CASE
        WHEN p.indicator = 'IND-11' AND o.kind NOT IN ('primary', 'nine_year', 'junior', 'complete_secondary', 'twelve_year') THEN p.above * 0
        WHEN p.indicator = 'IND-13' AND o.area_class NOT IN ('town', 'rural') THEN p.above * 0
        WHEN p.indicator = 'IND-19' AND o.kind NOT IN ('university', 'college') THEN p.above * 0
        ELSE p.above
    END AS above,
    CASE
        WHEN p.indicator = 'IND-11' AND o.kind NOT IN ('primary', 'nine_year', 'junior', 'complete_secondary', 'twelve_year') THEN p.below * 0
        WHEN p.indicator = 'IND-13' AND o.area_class NOT IN ('town', 'rural') THEN p.below * 0
        WHEN p.indicator = 'IND-19' AND o.kind NOT IN ('university', 'college') THEN p.below * 0
        ELSE p.below
    END AS below
FROM f_parts AS p
INNER JOIN organisations AS o ON o.year = p.year AND o.autumn = p.autumn AND o.org = p.org
