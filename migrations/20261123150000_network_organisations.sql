-- Organisations in time. Days are written like 2024-09-01; instants are microseconds since 1970 (UTC).
-- A row says what held from valid_from until before valid_to, and was believed from recorded_at until before
-- superseded_at. Of a recorded row nothing but superseded_at is ever changed.

CREATE TABLE organisations (
    code TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    valid_to TEXT,
    superseded_at BIGINT,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    founder TEXT NOT NULL,
    stages TEXT NOT NULL,
    area_class TEXT NOT NULL,
    PRIMARY KEY (code, valid_from, recorded_at),
    CHECK (valid_to IS NULL OR valid_to > valid_from),
    CHECK (superseded_at IS NULL OR superseded_at > recorded_at)
);

CREATE TABLE organisation_memberships (
    hierarchy TEXT NOT NULL,
    child TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    valid_to TEXT,
    superseded_at BIGINT,
    parent TEXT NOT NULL,
    PRIMARY KEY (hierarchy, child, valid_from, recorded_at),
    CHECK (child <> parent),
    CHECK (valid_to IS NULL OR valid_to > valid_from),
    CHECK (superseded_at IS NULL OR superseded_at > recorded_at)
);

CREATE TABLE organisation_events (
    recorded_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    superseded_at BIGINT,
    happened_on TEXT NOT NULL,
    kind TEXT NOT NULL,
    note_zh TEXT NOT NULL,
    note_en TEXT NOT NULL,
    PRIMARY KEY (recorded_at, position),
    CHECK (superseded_at IS NULL OR superseded_at > recorded_at)
);

CREATE TABLE organisation_event_parties (
    recorded_at BIGINT NOT NULL,
    event BIGINT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('from', 'to')),
    position BIGINT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (recorded_at, event, side, position),
    FOREIGN KEY (recorded_at, event) REFERENCES organisation_events (recorded_at, position)
);

-- The instant up to which knowledge is settled: nothing is recorded at or before it. Its one row is what
-- writers lock.
CREATE TABLE organisation_knowledge (
    name TEXT PRIMARY KEY,
    settled_at BIGINT NOT NULL
);

INSERT INTO organisation_knowledge (name, settled_at)
VALUES ('organisations', -9000000000000000);
