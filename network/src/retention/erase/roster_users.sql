DELETE FROM roster_users
WHERE person = $1
