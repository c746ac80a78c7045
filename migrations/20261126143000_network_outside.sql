-- Identity providers elsewhere that people of this city may sign in with, and who there asked to be let in.
-- Instants are microseconds since 1970 (UTC). Secrets are sealed with the centre's key.

-- A provider is not used any more once it has ended; links of people to identities there stay.
CREATE TABLE outside_providers (
    code TEXT PRIMARY KEY CHECK (code <> ''),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    issuer TEXT NOT NULL,
    client TEXT NOT NULL,
    sealed_secret TEXT,
    added_at BIGINT NOT NULL,
    ended_at BIGINT
);

-- A browser that was sent there and is to come back. next: path of this site to go on to.
CREATE TABLE outside_sign_ins (
    proof_hash TEXT PRIMARY KEY,
    provider TEXT NOT NULL REFERENCES outside_providers (code),
    next TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CHECK (expires_at > begun_at)
);

CREATE INDEX outside_sign_ins_by_end ON outside_sign_ins (expires_at);

-- Identities that came and are linked to nobody. What the provider said of them helps whoever reviews the request. It
-- goes when the identity is linked; of one that is refused issuer and subject stay, so that it does not ask again.
CREATE TABLE outside_requests (
    id TEXT PRIMARY KEY,
    provider TEXT NOT NULL REFERENCES outside_providers (code),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    said_name TEXT NOT NULL,
    said_login TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    refused_at BIGINT,
    UNIQUE (issuer, subject)
);
