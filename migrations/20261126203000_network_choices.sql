-- A sign-in of somebody whom another house has vouched for and who has several accounts here: which one is opened is
-- chosen in the browser that came back. next: path of this site to go on to. Instants are microseconds since 1970 (UTC).
CREATE TABLE outside_choices (
    proof_hash TEXT PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES people (id),
    next TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CHECK (expires_at > begun_at)
);

CREATE INDEX outside_choices_by_end ON outside_choices (expires_at);

CREATE INDEX outside_choices_by_person ON outside_choices (person);
