-- Who did what, when and what for. Instants are microseconds since 1970 (UTC); hashes are SHA-256 in lower-case
-- hexadecimal. docs/audit.md says which bytes they are of.

-- Appended to, and never changed.
CREATE TABLE audit_entries (
    sequence BIGINT PRIMARY KEY CHECK (sequence >= 0),
    happened_at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('system', 'account', 'application', 'nobody')),
    actor TEXT,
    purpose TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    organisation TEXT,
    object_kind TEXT NOT NULL,
    object TEXT,
    row_count BIGINT CHECK (row_count >= 0),
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    CHECK ((actor IS NULL) = (actor_kind IN ('system', 'nobody')))
);

CREATE INDEX audit_entries_by_time ON audit_entries (happened_at);

CREATE INDEX audit_entries_by_actor ON audit_entries (actor, sequence);

CREATE INDEX audit_entries_by_object ON audit_entries (object, sequence);

-- How many entries there are, and the hash of the last. Its one row is what writers lock.
CREATE TABLE audit_head (
    name TEXT PRIMARY KEY,
    entries BIGINT NOT NULL,
    hash TEXT NOT NULL
);

INSERT INTO audit_head (name, entries, hash)
VALUES ('audit', 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- What a person's references are salted with. Without its row nobody can tell whom an entry concerned.
CREATE TABLE audit_salts (
    person TEXT PRIMARY KEY,
    salt TEXT NOT NULL
);

-- Keys that days were signed with. The key in use vouches for the one before it.
CREATE TABLE audit_keys (
    id TEXT PRIMARY KEY,
    public_key TEXT NOT NULL,
    since BIGINT NOT NULL,
    predecessor TEXT UNIQUE REFERENCES audit_keys (id),
    vouched TEXT,
    CHECK ((predecessor IS NULL) = (vouched IS NULL))
);

-- Finished days: their entries stand together from first_entry on.
CREATE TABLE audit_days (
    day TEXT PRIMARY KEY,
    first_entry BIGINT NOT NULL CHECK (first_entry >= 0),
    entries BIGINT NOT NULL CHECK (entries > 0),
    root TEXT NOT NULL,
    previous_root TEXT NOT NULL,
    signing_key TEXT NOT NULL REFERENCES audit_keys (id),
    signature TEXT NOT NULL,
    signed_at BIGINT NOT NULL
);
