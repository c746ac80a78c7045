-- Tokens of systems that bring records of datasets, each for one organisation with all that stands below it. They are apart
-- from service_tokens, whose interfaces are a closed list that the version of before still holds to; the view shows all.
-- Instants are microseconds since 1970 (UTC); a hash is SHA-256 in hexadecimal.
CREATE TABLE record_tokens (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    organisation TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK (expires_at > issued_at)
);

CREATE VIEW issued_tokens AS
SELECT
    id,
    token_hash,
    name,
    interface,
    organisation,
    expires_at,
    ended_at
FROM service_tokens
UNION ALL
SELECT
    id,
    token_hash,
    name,
    'records' AS interface,
    organisation,
    expires_at,
    ended_at
FROM record_tokens;
