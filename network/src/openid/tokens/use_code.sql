UPDATE openid_codes
SET family = $2
WHERE hash = $1
