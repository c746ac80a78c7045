UPDATE roster_aliases
SET
    new_id = $1
WHERE
    kind = $2
    AND new_id = $3
