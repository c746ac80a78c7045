-- What every organisation adds to the numerator and the denominator of an indicator.
-- NULL: nothing was reported, so there is nothing to add; 0: reported, and nothing of it counts.
SELECT 'IND-01' AS indicator, 1 AS autumn, year, org, CAST(children AS DOUBLE PRECISION) AS above, NULL AS below FROM f_kindergartens
UNION ALL
SELECT 'IND-01', 0, year, org, NULL, CAST(aged_3_5 AS DOUBLE PRECISION) FROM f_population
UNION ALL
SELECT 'IND-02', 1, year, org, CAST(grade_nine AS DOUBLE PRECISION), NULL FROM f_enrolments
UNION ALL
SELECT 'IND-02', 1, year + 8, org, NULL, CAST(pupils AS DOUBLE PRECISION) FROM f_grade_one_history
UNION ALL
SELECT 'IND-02-changes', 1, year, org, CAST(moved AS DOUBLE PRECISION), CAST(-died AS DOUBLE PRECISION) FROM f_cohort_changes
UNION ALL
SELECT 'IND-03', 1, year, org, CAST(upper_secondary AS DOUBLE PRECISION), NULL FROM f_enrolments
UNION ALL
SELECT 'IND-03', 0, year, org, NULL, CAST(aged_15_17 AS DOUBLE PRECISION) FROM f_population
UNION ALL
SELECT 'IND-04', 1, year, org, CAST(converted AS DOUBLE PRECISION), NULL FROM f_higher_enrolments
UNION ALL
SELECT 'IND-04', 0, year, org, NULL, CAST(aged_18_22 AS DOUBLE PRECISION) FROM f_population
UNION ALL
SELECT 'IND-05', 1, year, org, CAST(students AS DOUBLE PRECISION), NULL FROM f_higher_enrolments
UNION ALL
SELECT 'IND-05', 0, year + 1, org, NULL, CAST(residents AS DOUBLE PRECISION) FROM f_population_totals
UNION ALL
SELECT 'IND-06', 0, year, org, CAST(years_of_schooling AS DOUBLE PRECISION), CAST(persons AS DOUBLE PRECISION) FROM f_attainment
UNION ALL
SELECT 'IND-07', 0, year, org, CAST(years_of_schooling AS DOUBLE PRECISION), CAST(persons AS DOUBLE PRECISION) FROM f_new_entrants
UNION ALL
SELECT 'IND-08', 0, year, org, CAST(participations AS DOUBLE PRECISION), NULL FROM f_lifelong_participations
UNION ALL
SELECT 'IND-09', 1, year, org, CAST(children_public AS DOUBLE PRECISION), CAST(children AS DOUBLE PRECISION) FROM f_kindergartens
UNION ALL
SELECT 'IND-10', 1, year, org, CAST(children_inclusive AS DOUBLE PRECISION), CAST(children AS DOUBLE PRECISION) FROM f_kindergartens
UNION ALL
SELECT 'IND-11', 1, year, org, CAST(zoned AS DOUBLE PRECISION), NULL FROM f_school_zones
UNION ALL
SELECT 'IND-11', 1, year, org, NULL, CAST(institutions AS DOUBLE PRECISION) FROM f_institutions
UNION ALL
SELECT 'IND-12', 1, year, org, CAST(large AS DOUBLE PRECISION), CAST(compulsory AS DOUBLE PRECISION) FROM f_classes
UNION ALL
SELECT 'IND-13', 1, year, org, CAST(compulsory_bachelor AS DOUBLE PRECISION), CAST(compulsory_known AS DOUBLE PRECISION) FROM f_teachers
UNION ALL
SELECT 'IND-14', 0, year, org, CAST(balanced AS DOUBLE PRECISION), NULL FROM f_recognised_districts
UNION ALL
SELECT 'IND-15', 1, year, org, CAST(good AS DOUBLE PRECISION), CAST(graded AS DOUBLE PRECISION) FROM f_fitness_tests
UNION ALL
SELECT 'IND-16', 1, year, org, CAST(myopic AS DOUBLE PRECISION), CAST(screened AS DOUBLE PRECISION) FROM f_vision_screenings
UNION ALL
SELECT 'IND-17', 1, year, org, CAST(covered AS DOUBLE PRECISION), CAST(measured AS DOUBLE PRECISION) FROM f_wireless_coverage
UNION ALL
SELECT 'IND-18', 1, year, org, CAST(dual AS DOUBLE PRECISION), CAST(teachers AS DOUBLE PRECISION) FROM f_dual_qualification
UNION ALL
SELECT 'IND-19', 1, year, org, CAST(higher_master AS DOUBLE PRECISION), CAST(higher_known AS DOUBLE PRECISION) FROM f_teachers
UNION ALL
SELECT 'IND-20', 1, year, org, CAST(with_two AS DOUBLE PRECISION), CAST(professional AS DOUBLE PRECISION) FROM f_postgraduates
