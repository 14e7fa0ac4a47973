-- +goose Up

-- What a regrade left a position with: 1/10,000 point, or -2: it does not count. NULL: nothing.
ALTER TABLE responses ADD COLUMN kept INTEGER;

-- Keys that were corrected after an exam, and what that made of the attempts.
CREATE TABLE corrections (
    id         UUID PRIMARY KEY,
    version_id UUID NOT NULL REFERENCES question_versions (id),
    revision   INTEGER NOT NULL, -- of the key
    exam       TEXT NOT NULL, -- slug; empty: all exams
    lowering   BOOLEAN NOT NULL, -- results may fall
    reason     TEXT NOT NULL,
    actor      UUID NOT NULL REFERENCES users (id),
    created    BIGINT NOT NULL
);
CREATE INDEX corrections_version ON corrections (version_id, created);
CREATE INDEX corrections_created ON corrections (created);

CREATE TABLE regrades (
    correction_id UUID NOT NULL REFERENCES corrections (id),
    attempt_id    UUID NOT NULL REFERENCES attempts (id),
    before_total  BIGINT NOT NULL, -- 1/10,000 point
    before_max    BIGINT NOT NULL,
    before_passed BOOLEAN, -- NULL: judged neither way
    after_total   BIGINT NOT NULL,
    after_max     BIGINT NOT NULL,
    after_passed  BOOLEAN,
    kept          BOOLEAN NOT NULL, -- the mark was kept, since the key would have lowered the result
    PRIMARY KEY (correction_id, attempt_id)
);
