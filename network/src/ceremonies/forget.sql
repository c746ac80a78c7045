DELETE FROM ceremonies
WHERE expires_at < $1
