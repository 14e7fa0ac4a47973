-- +goose Up

-- What a candidate has of their own in one exam.
CREATE TABLE accommodations (
    user_id       TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    exam          TEXT NOT NULL REFERENCES exams (slug),
    extra_percent INTEGER CHECK (extra_percent BETWEEN 0 AND 300), -- NULL: the person's
    opens         INTEGER NOT NULL, -- 0: the exam's, as the two below
    last_start    INTEGER NOT NULL,
    closes        INTEGER NOT NULL,
    attempts      INTEGER CHECK (attempts >= 0), -- 0: unlimited; NULL: the exam's
    reason        TEXT NOT NULL,
    changed       INTEGER NOT NULL,
    PRIMARY KEY (user_id, exam)
) STRICT, WITHOUT ROWID;
CREATE INDEX accommodations_exam ON accommodations (exam, closes);
