DELETE FROM sign_in_failures
WHERE last_at < $1
