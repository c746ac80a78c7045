DELETE FROM roster_roles
WHERE roster_user IN (SELECT sourced_id FROM roster_users WHERE person = $1)
