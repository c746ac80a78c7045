SELECT
    made_on,
    turns_on
FROM organisation_path_days
WHERE name = 'organisations'
