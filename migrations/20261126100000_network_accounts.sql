-- People, their accounts, and how they prove who they are. Instants are microseconds since 1970 (UTC); ids are
-- UUIDs of version 7. A hash is SHA-256 in hexadecimal; what is sealed opens with the data centre's key only.

CREATE TABLE people (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    recorded_at BIGINT NOT NULL
);

-- Who a person is elsewhere: an identity is its issuer and its subject there, never a name or an address.
CREATE TABLE outside_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES people (id),
    linked_at BIGINT NOT NULL,
    linked_by TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX outside_identities_by_person ON outside_identities (person);

-- home: code of the organisation whose administrators, and those above, look after the account.
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    login TEXT NOT NULL UNIQUE CHECK (login <> ''),
    home TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT
);

CREATE INDEX accounts_by_person ON accounts (person);

CREATE INDEX accounts_by_home ON accounts (home, login);

-- phc: argon2id with its parameters and salt.
CREATE TABLE passwords (
    account TEXT PRIMARY KEY REFERENCES accounts (id),
    phc TEXT NOT NULL,
    set_at BIGINT NOT NULL
);

-- Kept only as long as a password policy forbids to take one of them again.
CREATE TABLE former_passwords (
    account TEXT NOT NULL REFERENCES accounts (id),
    set_at BIGINT NOT NULL,
    phc TEXT NOT NULL,
    PRIMARY KEY (account, set_at)
);

-- last_step: the latest time step whose code was used; no code of it or before is taken again.
CREATE TABLE totp_secrets (
    account TEXT PRIMARY KEY REFERENCES accounts (id),
    sealed TEXT NOT NULL,
    last_step BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    account TEXT NOT NULL REFERENCES accounts (id),
    hash TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account, hash)
);

-- id and public_key are base64url; the key is a SubjectPublicKeyInfo in DER, its algorithm a COSE number.
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    algorithm BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    sign_count BIGINT NOT NULL CHECK (sign_count >= 0),
    added_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX passkeys_by_account ON passkeys (account);

-- A ceremony is a proof under way: the second step of a sign-in, or a passkey that is being added or used.
CREATE TABLE ceremonies (
    token_hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('second_step', 'passkey_sign_in', 'passkey_addition')),
    account TEXT REFERENCES accounts (id),
    methods TEXT NOT NULL,
    challenge TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CHECK (expires_at > begun_at)
);

CREATE INDEX ceremonies_by_end ON ceremonies (expires_at);

-- methods: values of RFC 8176, joined by spaces. level: 1 one factor, 2 two factors.
-- authenticated_at: when the account's owner last proved who he is. An ended session stays until it is forgotten,
-- so that others can be told that it has ended.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (id),
    methods TEXT NOT NULL,
    level BIGINT NOT NULL CHECK (level IN (1, 2)),
    network TEXT NOT NULL,
    agent TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    idle_until BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_because TEXT,
    CHECK ((ended_at IS NULL) = (ended_because IS NULL))
);

CREATE INDEX sessions_by_account ON sessions (account, ended_at);

CREATE INDEX sessions_by_end ON sessions (ended_at);

-- Devices from which an account's owner has signed in: each keeps an allowance of its own.
CREATE TABLE known_devices (
    account TEXT NOT NULL REFERENCES accounts (id),
    device_hash TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (account, device_hash)
);

-- key: a keyed hash of what is counted, so that nobody can read out of it who tried what.
CREATE TABLE sign_in_failures (
    kind TEXT NOT NULL CHECK (kind IN ('device', 'account_network', 'network')),
    key TEXT NOT NULL,
    failures BIGINT NOT NULL CHECK (failures >= 0),
    last_at BIGINT NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at);

-- An invitation opens an account once, or lets the owner of one set a new password once.
CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    account TEXT REFERENCES accounts (id),
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    role TEXT,
    invited_by TEXT NOT NULL,
    invited_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_at BIGINT,
    withdrawn_at BIGINT,
    CHECK (expires_at > invited_at),
    CHECK (accepted_at IS NULL OR withdrawn_at IS NULL)
);

CREATE INDEX invitations_by_organisation ON invitations (organisation, invited_at);

CREATE INDEX invitations_by_login ON invitations (login);
