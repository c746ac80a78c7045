-- Tokens of systems that provision accounts or read rosters: each is for one interface, and for one organisation with all
-- that stands below it. Instants are microseconds since 1970 (UTC); a hash is SHA-256 in hexadecimal.
CREATE TABLE service_tokens (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    interface TEXT NOT NULL CHECK (interface IN ('scim', 'rosters')),
    organisation TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK (expires_at > issued_at)
);

-- What a provisioning system says of an account beyond what the account itself holds. The id is the account's. Columns
-- ending in _key are folded to small letters, for comparisons in which capitals do not matter; nothing is an empty text.
CREATE TABLE scim_users (
    id TEXT PRIMARY KEY REFERENCES accounts (id),
    external_id TEXT NOT NULL,
    user_name_key TEXT NOT NULL,
    display_name_key TEXT NOT NULL,
    family_name_key TEXT NOT NULL,
    given_name_key TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    document TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);

CREATE INDEX scim_users_by_name ON scim_users (user_name_key);

CREATE INDEX scim_users_by_external_id ON scim_users (external_id);

CREATE TABLE scim_emails (
    account TEXT NOT NULL REFERENCES scim_users (id),
    position BIGINT NOT NULL,
    value_key TEXT NOT NULL,
    type_key TEXT NOT NULL,
    PRIMARY KEY (account, position)
);

CREATE INDEX scim_emails_by_value ON scim_emails (value_key);

CREATE TABLE scim_groups (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    external_id TEXT NOT NULL,
    display_name_key TEXT NOT NULL,
    document TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);

-- kind: of the member.
CREATE TABLE scim_members (
    scim_group TEXT NOT NULL REFERENCES scim_groups (id),
    member TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('User', 'Group')),
    PRIMARY KEY (scim_group, member)
);

CREATE INDEX scim_members_by_member ON scim_members (member);
