-- Seeds of draws. Each is chosen, and its hash told to everyone, with the step that leads to where reviewers are drawn:
-- before anybody knows who may be drawn. The seed itself is told with the draw.
CREATE TABLE case_seeds (
    case_id TEXT NOT NULL REFERENCES cases (id),
    sequence BIGINT NOT NULL,
    seed TEXT NOT NULL,
    commitment TEXT NOT NULL,
    committed_at BIGINT NOT NULL,
    drawn_at BIGINT,
    PRIMARY KEY (case_id, sequence)
);

-- The hash that was told before; none for draws that were made before seeds were committed to.
ALTER TABLE case_draws ADD COLUMN commitment TEXT;
