DELETE FROM legal_holds
WHERE person = $1
