INSERT INTO organisation_path_days (
    name,
    made_on,
    turns_on
)
VALUES ('organisations', $1, $2)
ON CONFLICT (name) DO UPDATE SET
    made_on = excluded.made_on,
    turns_on = excluded.turns_on
