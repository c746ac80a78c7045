-- Where organisations stand, and who may do what there. Days are written like 2024-09-01; instants are microseconds
-- since 1970 (UTC).

-- The administrative hierarchy of the day the paths were made for, such as /12/120101/. A path is made of the
-- characters / 0 to 9 and x, which sort alike whatever the database sorts by.
CREATE TABLE organisation_paths (
    code TEXT PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    level TEXT NOT NULL
);

-- The days for which the paths are right: from made_on until before turns_on. No row until they are first made.
CREATE TABLE organisation_path_days (
    name TEXT PRIMARY KEY CHECK (name = 'organisations'),
    made_on TEXT NOT NULL,
    turns_on TEXT,
    CHECK (turns_on IS NULL OR turns_on > made_on)
);

-- A role at an organisation. Nothing of a row is ever changed but how it ended. No giver: the program itself, when a
-- centre is begun.
CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation TEXT NOT NULL,
    reach TEXT NOT NULL CHECK (reach IN ('self', 'subtree')),
    purpose TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    granted_by TEXT,
    granted_at BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    revoked_by TEXT,
    revoked_at BIGINT,
    revoked_for TEXT,
    CHECK (valid_until IS NULL OR valid_until > valid_from),
    CHECK ((revoked_at IS NULL) = (revoked_for IS NULL)),
    CHECK (revoked_by IS NULL OR revoked_at IS NOT NULL)
);

CREATE INDEX grants_by_account ON grants (account);

CREATE INDEX grants_by_organisation ON grants (organisation);

-- Its one row is what those who give and revoke lock.
CREATE TABLE grant_changes (
    name TEXT PRIMARY KEY,
    number BIGINT NOT NULL
);

INSERT INTO grant_changes (name, number)
VALUES ('grants', 0);
