DELETE FROM roster_demographics
WHERE sourced_id IN (SELECT sourced_id FROM roster_users WHERE person = $1)
