-- Whom an entry concerns where it is about several persons: a salted hash each. The entry's object is the hash of all
-- of them, so that none can be added or taken away unseen.
CREATE TABLE audit_persons (
    sequence BIGINT NOT NULL,
    object TEXT NOT NULL,
    PRIMARY KEY (sequence, object)
);

CREATE INDEX audit_persons_by_object ON audit_persons (object, sequence);
