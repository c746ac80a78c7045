DELETE FROM roster_enrollments
WHERE roster_user IN (SELECT sourced_id FROM roster_users WHERE person = $1)
