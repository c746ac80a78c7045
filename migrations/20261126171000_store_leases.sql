-- Who does something in the background, of several processes on this registry. until: microseconds since 1970 (UTC); from
-- then on another may take it.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL CHECK (holder <> ''),
    until BIGINT NOT NULL
);
