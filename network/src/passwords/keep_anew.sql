UPDATE passwords
SET phc = $1
WHERE
    account = $2
    AND phc = $3
