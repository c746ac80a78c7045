-- Applications that people sign in to with their account of this city, and what OpenID Connect keeps for them.
-- Instants are microseconds since 1970 (UTC). Lists are separated by spaces. Codes, tokens and secrets are kept
-- as hashes only; private keys are sealed with the centre's key.

-- How a person can be reached and is named in parts, for applications that may see it.
CREATE TABLE person_profiles (
    person TEXT PRIMARY KEY REFERENCES people (id),
    family_name TEXT NOT NULL,
    given_name TEXT NOT NULL,
    locale TEXT NOT NULL,
    email TEXT NOT NULL,
    email_verified BIGINT NOT NULL CHECK (email_verified IN (0, 1)),
    phone_number TEXT NOT NULL,
    phone_number_verified BIGINT NOT NULL CHECK (phone_number_verified IN (0, 1)),
    address TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The register. What an application may see is a list of claims; whoever shares a sector sees the same pseudonym
-- of a person, and without a sector the person's own id. An application ends with its expiry or with ended_at.
CREATE TABLE applications (
    code TEXT PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    purpose_zh TEXT NOT NULL,
    purpose_en TEXT NOT NULL,
    owner_organisation TEXT NOT NULL,
    owner_account TEXT,
    home TEXT,
    data TEXT NOT NULL,
    services TEXT NOT NULL,
    roles TEXT NOT NULL,
    redirect_addresses TEXT NOT NULL,
    logout_addresses TEXT NOT NULL,
    notice_address TEXT,
    authentication TEXT NOT NULL CHECK (
        authentication IN ('client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none')
    ),
    secret_hash TEXT,
    client_keys TEXT,
    algorithm TEXT NOT NULL CHECK (algorithm IN ('ES256', 'EdDSA', 'RS256')),
    proof_required BIGINT NOT NULL CHECK (proof_required IN (0, 1)),
    sector TEXT,
    consent_asked BIGINT NOT NULL CHECK (consent_asked IN (0, 1)),
    offline BIGINT NOT NULL CHECK (offline IN (0, 1)),
    registered_at BIGINT NOT NULL,
    reviewed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK (expires_at > reviewed_at)
);

-- Whose people may use it: those of the organisation and of all below it.
CREATE TABLE application_organisations (
    application TEXT NOT NULL REFERENCES applications (code),
    organisation TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    PRIMARY KEY (application, organisation, granted_at),
    CHECK (withdrawn_at IS NULL OR withdrawn_at >= granted_at)
);

CREATE TABLE application_uses (
    application TEXT NOT NULL REFERENCES applications (code),
    used_on TEXT NOT NULL,
    uses BIGINT NOT NULL CHECK (uses > 0),
    PRIMARY KEY (application, used_on)
);

-- What a person agreed to hand to an application. At most one is live.
CREATE TABLE application_consents (
    account TEXT NOT NULL,
    application TEXT NOT NULL REFERENCES applications (code),
    given_at BIGINT NOT NULL,
    data TEXT NOT NULL,
    offline BIGINT NOT NULL CHECK (offline IN (0, 1)),
    withdrawn_at BIGINT,
    PRIMARY KEY (account, application, given_at),
    CHECK (withdrawn_at IS NULL OR withdrawn_at >= given_at)
);

-- A request that waits for a person to sign in or to consent.
CREATE TABLE openid_requests (
    hash TEXT PRIMARY KEY,
    parameters TEXT NOT NULL,
    begun_at BIGINT NOT NULL
);

CREATE INDEX openid_requests_by_time ON openid_requests (begun_at);

-- All tokens that one code led to. Revoking it ends every one of them. Without a session of its own, such as that
-- of an application acting for itself, session and account are missing. The notice that the session has ended is
-- sent again, from notice_due_at on, until the application has taken it.
CREATE TABLE openid_families (
    id TEXT PRIMARY KEY,
    application TEXT NOT NULL REFERENCES applications (code),
    account TEXT,
    session TEXT,
    scopes TEXT NOT NULL,
    data TEXT NOT NULL,
    auth_time BIGINT,
    acr TEXT NOT NULL,
    amr TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_for TEXT,
    notices BIGINT NOT NULL CHECK (notices >= 0),
    notice_due_at BIGINT,
    noticed_at BIGINT,
    CHECK (expires_at > begun_at),
    CHECK ((revoked_at IS NULL) = (revoked_for IS NULL))
);

CREATE INDEX openid_families_by_session ON openid_families (session);
CREATE INDEX openid_families_by_account ON openid_families (account, application);
CREATE INDEX openid_families_by_expiry ON openid_families (expires_at);

CREATE TABLE openid_codes (
    hash TEXT PRIMARY KEY,
    application TEXT NOT NULL REFERENCES applications (code),
    account TEXT NOT NULL,
    session TEXT NOT NULL,
    redirect_address TEXT NOT NULL,
    scopes TEXT NOT NULL,
    data TEXT NOT NULL,
    id_token_data TEXT NOT NULL,
    nonce TEXT,
    challenge TEXT,
    auth_time BIGINT NOT NULL,
    acr TEXT NOT NULL,
    amr TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    family TEXT REFERENCES openid_families (id),
    CHECK (expires_at > issued_at)
);

CREATE INDEX openid_codes_by_session ON openid_codes (session);
CREATE INDEX openid_codes_by_expiry ON openid_codes (expires_at);
CREATE INDEX openid_codes_by_family ON openid_codes (family);

CREATE TABLE openid_access_tokens (
    hash TEXT PRIMARY KEY,
    family TEXT NOT NULL REFERENCES openid_families (id),
    scopes TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    CHECK (expires_at > issued_at)
);

CREATE INDEX openid_access_tokens_by_family ON openid_access_tokens (family);

CREATE TABLE openid_refresh_tokens (
    hash TEXT PRIMARY KEY,
    family TEXT NOT NULL REFERENCES openid_families (id),
    issued_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX openid_refresh_tokens_by_family ON openid_refresh_tokens (family);

-- Assertions of applications that sign for themselves, so that none is taken twice.
CREATE TABLE openid_assertions (
    hash TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE INDEX openid_assertions_by_expiry ON openid_assertions (expires_at);

-- Keys that tokens are signed with: the next from made_at on, the current one from current_at, retired from
-- retired_at, and no longer published from removed_at.
CREATE TABLE openid_keys (
    id TEXT PRIMARY KEY,
    algorithm TEXT NOT NULL CHECK (algorithm IN ('ES256', 'EdDSA', 'RS256')),
    sealed TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    current_at BIGINT NOT NULL,
    retired_at BIGINT NOT NULL,
    removed_at BIGINT NOT NULL,
    CHECK (current_at >= made_at),
    CHECK (retired_at > current_at),
    CHECK (removed_at > retired_at)
);
