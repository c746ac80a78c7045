UPDATE openid_keys
SET made_at = made_at
