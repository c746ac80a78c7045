SELECT personal_requests.person
FROM
    personal_requests
    JOIN organisation_paths scope ON scope.code = personal_requests.home
WHERE
    personal_requests.id = $1
    AND personal_requests.person IS NOT NULL
    AND personal_requests.decided_at IS NULL
    AND scope.path >= $2
    AND scope.path < $3
