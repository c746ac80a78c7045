SELECT COUNT(*)
FROM personal_requests
WHERE
    person = $1
    AND kind = $2
    AND ended_at IS NULL
