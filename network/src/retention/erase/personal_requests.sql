UPDATE personal_requests
SET
    person = NULL,
    value = NULL
WHERE person = $1
