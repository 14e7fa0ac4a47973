-- +goose Up

-- What a regrade left a position with: 1/10,000 point, or -2: it does not count. NULL: nothing.
ALTER TABLE responses ADD COLUMN kept INTEGER;

-- Keys that were corrected after an exam, and what that made of the attempts.
CREATE TABLE corrections (
    id         TEXT PRIMARY KEY,
    version_id TEXT NOT NULL REFERENCES question_versions (id),
    revision   INTEGER NOT NULL, -- of the key
    exam       TEXT NOT NULL, -- slug; empty: all exams
    lowering   INTEGER NOT NULL, -- results may fall
    reason     TEXT NOT NULL,
    actor      TEXT NOT NULL REFERENCES users (id),
    created    INTEGER NOT NULL
) STRICT;
CREATE INDEX corrections_version ON corrections (version_id, created);
CREATE INDEX corrections_created ON corrections (created);

CREATE TABLE regrades (
    correction_id TEXT NOT NULL REFERENCES corrections (id),
    attempt_id    TEXT NOT NULL REFERENCES attempts (id),
    before_total  INTEGER NOT NULL, -- 1/10,000 point
    before_max    INTEGER NOT NULL,
    before_passed INTEGER, -- NULL: judged neither way
    after_total   INTEGER NOT NULL,
    after_max     INTEGER NOT NULL,
    after_passed  INTEGER,
    kept          INTEGER NOT NULL, -- the mark was kept, since the key would have lowered the result
    PRIMARY KEY (correction_id, attempt_id)
) STRICT;
