DELETE FROM outside_identities
WHERE person = $1
