DELETE FROM outside_choices
WHERE person = $1
