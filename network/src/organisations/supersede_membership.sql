UPDATE organisation_memberships
SET superseded_at = $1
WHERE
    hierarchy = $2
    AND child = $3
    AND valid_from = $4
    AND superseded_at IS NULL
