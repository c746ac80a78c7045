-- Procedures and their cases. Instants are microseconds since 1970 (UTC); days are written like 2024-09-01.

-- Every version of a procedure that was ever used, by the hash of its files. Nothing of a row is ever changed.
CREATE TABLE procedure_versions (
    version TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    files TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
);

-- The version with which new cases begin.
CREATE TABLE procedures (
    name TEXT PRIMARY KEY,
    version TEXT NOT NULL REFERENCES procedure_versions (version),
    since_at BIGINT NOT NULL
);

-- A case and what was filled in. marking repeats where it stands, for lists. revision grows by one with every change: whoever changes it names the one he saw.
CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    procedure TEXT NOT NULL REFERENCES procedures (name),
    version TEXT NOT NULL REFERENCES procedure_versions (version),
    organisation TEXT NOT NULL,
    beginner TEXT NOT NULL,
    marking TEXT NOT NULL,
    form TEXT NOT NULL,
    words TEXT NOT NULL,
    revision BIGINT NOT NULL CHECK (revision >= 0),
    returns BIGINT NOT NULL CHECK (returns >= 0),
    objections BIGINT NOT NULL CHECK (objections >= 0),
    last_hash TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK (changed_at >= begun_at),
    CHECK (ended_at IS NULL OR ended_at >= begun_at)
);

CREATE INDEX cases_by_procedure ON cases (procedure, begun_at);

CREATE INDEX cases_by_beginner ON cases (beginner);

-- The organisations a case concerns: its own under the empty name, and those that fields of the form name.
CREATE TABLE case_organisations (
    case_id TEXT NOT NULL REFERENCES cases (id),
    field TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (case_id, field)
);

CREATE INDEX case_organisations_by_code ON case_organisations (code);

-- Where a case stands; several rows where branches run side by side.
CREATE TABLE case_states (
    case_id TEXT NOT NULL REFERENCES cases (id),
    state TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, state)
);

-- Everything that happened, hash-chained. Nothing of a row is ever changed.
CREATE TABLE case_steps (
    case_id TEXT NOT NULL REFERENCES cases (id),
    sequence BIGINT NOT NULL CHECK (sequence >= 0),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    actor TEXT,
    role TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    from_states TEXT NOT NULL,
    to_states TEXT NOT NULL,
    change TEXT NOT NULL,
    kept TEXT NOT NULL,
    note TEXT NOT NULL,
    form_hash TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (case_id, sequence)
);

CREATE INDEX case_steps_by_actor ON case_steps (actor);

-- Time limits. due_at moves only while it is estimated: until the holidays of its year are published.
CREATE TABLE case_deadlines (
    case_id TEXT NOT NULL REFERENCES cases (id),
    name TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    due_on TEXT NOT NULL,
    estimated BIGINT NOT NULL CHECK (estimated IN (0, 1)),
    next_at BIGINT NOT NULL,
    reminders BIGINT NOT NULL CHECK (reminders >= 0),
    overdue_at BIGINT,
    closed_at BIGINT,
    PRIMARY KEY (case_id, name, started_at)
);

CREATE INDEX case_deadlines_by_next ON case_deadlines (closed_at, next_at);

-- Who was given a role in a case, by whom, or by a draw.
CREATE TABLE case_assignments (
    case_id TEXT NOT NULL REFERENCES cases (id),
    role TEXT NOT NULL,
    account TEXT NOT NULL,
    assigned_by TEXT,
    assigned_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, role, account)
);

CREATE INDEX case_assignments_by_account ON case_assignments (account);

-- Draws of reviewers, with all that is needed to make them again.
CREATE TABLE case_draws (
    case_id TEXT NOT NULL REFERENCES cases (id),
    sequence BIGINT NOT NULL,
    role TEXT NOT NULL,
    seed TEXT NOT NULL,
    tickets TEXT NOT NULL,
    chosen BIGINT NOT NULL,
    drawn_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, sequence)
);

-- What each reviewer handed in.
CREATE TABLE case_reviews (
    case_id TEXT NOT NULL REFERENCES cases (id),
    account TEXT NOT NULL,
    score BIGINT NOT NULL CHECK (score >= 0),
    opinion TEXT NOT NULL,
    reviewed_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, account)
);

-- Who can do something now: an account, or whoever has a grant for an organisation; depth is how deep in the
-- hierarchy the grant must be held, 0 where that does not matter.
CREATE TABLE case_tasks (
    case_id TEXT NOT NULL REFERENCES cases (id),
    role TEXT NOT NULL,
    role_grant TEXT NOT NULL,
    code TEXT NOT NULL,
    account TEXT NOT NULL,
    depth BIGINT NOT NULL CHECK (depth >= 0),
    PRIMARY KEY (case_id, role, role_grant, account)
);

CREATE INDEX case_tasks_by_account ON case_tasks (account);

CREATE INDEX case_tasks_by_code ON case_tasks (code, role_grant);

-- What somebody has filled in and not handed in yet.
CREATE TABLE case_drafts (
    case_id TEXT NOT NULL REFERENCES cases (id),
    account TEXT NOT NULL,
    form TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, account)
);

CREATE TABLE case_comments (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    account TEXT NOT NULL,
    body TEXT NOT NULL,
    written_at BIGINT NOT NULL
);

CREATE INDEX case_comments_by_case ON case_comments (case_id, written_at);

-- Files; their bytes lie in the data folder under their hash.
CREATE TABLE case_attachments (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size >= 0),
    hash TEXT NOT NULL,
    scanned BIGINT NOT NULL CHECK (scanned IN (0, 1)),
    attached_at BIGINT NOT NULL
);

CREATE INDEX case_attachments_by_case ON case_attachments (case_id, attached_at);

-- Letters that go out, and rows for the lake, each until somebody says that it is done.
CREATE TABLE case_letters (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    sequence BIGINT NOT NULL,
    name TEXT NOT NULL,
    data TEXT NOT NULL,
    ordered_at BIGINT NOT NULL,
    document TEXT,
    issued_at BIGINT,
    CHECK ((document IS NULL) = (issued_at IS NULL))
);

CREATE INDEX case_letters_by_case ON case_letters (case_id, ordered_at);

CREATE TABLE case_facts (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    sequence BIGINT NOT NULL,
    dataset TEXT NOT NULL,
    fact TEXT NOT NULL,
    handed_at BIGINT NOT NULL,
    taken_at BIGINT
);

CREATE INDEX case_facts_waiting ON case_facts (taken_at, handed_at);

-- The last number of each series.
CREATE TABLE case_numbers (
    series TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- How many cases stand within a quota.
CREATE TABLE case_quotas (
    procedure TEXT NOT NULL,
    part TEXT NOT NULL,
    held BIGINT NOT NULL CHECK (held >= 0),
    PRIMARY KEY (procedure, part)
);

-- What no two open cases of a procedure may share, as a hash.
CREATE TABLE case_subjects (
    procedure TEXT NOT NULL,
    subject TEXT NOT NULL,
    case_id TEXT NOT NULL REFERENCES cases (id),
    PRIMARY KEY (procedure, subject)
);
