-- The datasets that a token of records opens, by their names in the plan; it opens no others.
CREATE TABLE record_token_datasets (
    token TEXT NOT NULL REFERENCES record_tokens (id),
    dataset TEXT NOT NULL CHECK (dataset <> ''),
    PRIMARY KEY (token, dataset)
);
