-- +goose Up

-- When the data of a person were erased; 0: they were not. What is left of the user is a pseudonym.
ALTER TABLE users ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;

-- Entries of the audit log of which a part was erased: by the entry that records the erasure. The rest is the
-- hash of what was left then, which that entry covers.
CREATE TABLE audit_erasures (
    by_seq INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    rest   TEXT NOT NULL,
    PRIMARY KEY (by_seq, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_erasures_seq ON audit_erasures (seq, by_seq);
