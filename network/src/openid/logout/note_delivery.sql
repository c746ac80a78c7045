UPDATE openid_families
SET noticed_at = $2
WHERE id = $1
