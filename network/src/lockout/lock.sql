INSERT INTO sign_in_failures (
    kind,
    key,
    failures,
    last_at
)
VALUES ($1, $2, 0, $3)
ON CONFLICT (kind, key) DO UPDATE SET failures = sign_in_failures.failures
RETURNING
    failures,
    last_at
