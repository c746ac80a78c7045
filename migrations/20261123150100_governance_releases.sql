-- The plan in force since an instant, and what was published. Instants are microseconds since 1970 (UTC).

CREATE TABLE plan_versions (
    version TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
);

-- tables: JSON object of dataset names and the table versions read.
CREATE TABLE releases (
    id TEXT PRIMARY KEY,
    recorded_at BIGINT NOT NULL,
    plan_version TEXT NOT NULL,
    known_at BIGINT NOT NULL,
    tables TEXT NOT NULL
);

CREATE INDEX releases_by_time ON releases (recorded_at);
