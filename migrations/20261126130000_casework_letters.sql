-- Letters as they were issued, a document in each language; their bytes lie in the data folder under their hash.
-- Nothing of a row is ever changed but its revocation. Names are those of the day on which it was issued.
CREATE TABLE issued_letters (
    number TEXT PRIMARY KEY,
    letter_id TEXT NOT NULL REFERENCES case_letters (id),
    case_id TEXT NOT NULL REFERENCES cases (id),
    language TEXT NOT NULL CHECK (language IN ('zh', 'en')),
    reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    issuer_zh TEXT NOT NULL,
    issuer_en TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    size BIGINT NOT NULL CHECK (size > 0),
    issued_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_why TEXT,
    UNIQUE (letter_id, language),
    CHECK ((revoked_at IS NULL) = (revoked_why IS NULL))
);

CREATE INDEX issued_letters_by_case ON issued_letters (case_id, issued_at);

CREATE INDEX case_letters_waiting ON case_letters (issued_at, id);
