DELETE FROM outside_sign_ins
WHERE expires_at < $1
