SELECT legal_holds.id
FROM
    legal_holds
    JOIN accounts ON accounts.person = legal_holds.person
    JOIN organisation_paths scope ON scope.code = accounts.home
WHERE
    legal_holds.id = $1
    AND legal_holds.lifted_at IS NULL
    AND scope.path >= $2
    AND scope.path < $3
