-- What persons ask for about what is kept of them, and what must be kept longer. Instants are microseconds since 1970
-- (UTC).

-- value: what a correction puts in; it is taken out again when the request has ended. No person: it was carried out and
-- nothing is left of them.
CREATE TABLE personal_requests (
    id TEXT PRIMARY KEY,
    person TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('correct_name', 'delete')),
    value TEXT,
    home TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    decision TEXT CHECK (decision IN ('granted', 'refused')),
    decided_by TEXT,
    decided_at BIGINT,
    decided_for TEXT,
    ended_at BIGINT,
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK ((decided_at IS NULL) = (decided_for IS NULL)),
    CHECK (ended_at IS NULL OR decided_at IS NOT NULL)
);

CREATE INDEX personal_requests_by_person ON personal_requests (person);

CREATE INDEX personal_requests_by_end ON personal_requests (ended_at);

-- reason: the law or the proceedings.
CREATE TABLE legal_holds (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    set_by TEXT,
    set_at BIGINT NOT NULL,
    lifted_by TEXT,
    lifted_at BIGINT,
    CHECK (lifted_by IS NULL OR lifted_at IS NOT NULL)
);

CREATE INDEX legal_holds_by_person ON legal_holds (person);
