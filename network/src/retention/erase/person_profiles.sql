DELETE FROM person_profiles
WHERE person = $1
