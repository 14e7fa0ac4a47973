-- +goose Up

-- From what a sign-in was made: the browser's own description and the client's address.
ALTER TABLE sign_ins ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sign_ins ADD COLUMN address TEXT NOT NULL DEFAULT '';
CREATE INDEX sign_ins_user ON sign_ins (user_id);

-- For the counts of attempts beside each exam.
CREATE INDEX attempts_exam_status ON attempts (exam, status);

-- What authors and admins did. The hash of each entry covers the one before; the head counts them
-- and holds writers in one line.
CREATE TABLE audit (
    seq        BIGINT PRIMARY KEY CHECK (seq >= 1),
    prev       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    actor      TEXT NOT NULL, -- id of a user; empty: somebody at the terminal
    actor_name TEXT NOT NULL,
    action     TEXT NOT NULL,
    object     TEXT NOT NULL,
    details    TEXT NOT NULL, -- canonical JSON
    hash       TEXT NOT NULL
);
CREATE INDEX audit_actor ON audit (actor, seq);
CREATE INDEX audit_action ON audit (action, seq);
CREATE INDEX audit_object ON audit (object, seq);
CREATE INDEX audit_at ON audit (at);

CREATE TABLE audit_head (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    seq      BIGINT NOT NULL,
    hash     TEXT NOT NULL
);
INSERT INTO audit_head (only_row, seq, hash) VALUES (1, 0, '');

-- Files between their upload and what becomes of them.
CREATE TABLE uploads (
    id      UUID PRIMARY KEY,
    owner   UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,
    data    BYTEA NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX uploads_owner ON uploads (owner, created);
CREATE INDEX uploads_created ON uploads (created);

-- Work that takes longer than a request: commands to many attempts, imports.
CREATE TABLE jobs (
    id         UUID PRIMARY KEY,
    kind       TEXT NOT NULL,
    object     TEXT NOT NULL, -- slug of the exam, or name of the set
    actor      UUID NOT NULL REFERENCES users (id),
    args       TEXT NOT NULL, -- JSON
    created    BIGINT NOT NULL,
    due        BIGINT NOT NULL,
    touched    BIGINT NOT NULL, -- last sign of life of who does it; 0: nobody began
    total      INTEGER NOT NULL,
    done       INTEGER NOT NULL,
    finished   BIGINT NOT NULL, -- 0: not yet
    outcome    TEXT NOT NULL -- JSON; empty: none yet
);
CREATE INDEX jobs_object ON jobs (object, created);
CREATE INDEX jobs_open ON jobs (due) WHERE finished = 0;
CREATE INDEX jobs_finished ON jobs (finished);

-- What the invigilators say to candidates.
CREATE TABLE messages (
    id         UUID PRIMARY KEY,
    exam       TEXT NOT NULL REFERENCES exams (slug),
    attempt_id UUID REFERENCES attempts (id), -- NULL: to all of the exam
    actor      UUID NOT NULL REFERENCES users (id),
    text       TEXT NOT NULL,
    created    BIGINT NOT NULL
);
CREATE INDEX messages_created ON messages (created);
CREATE INDEX messages_exam ON messages (exam, created);

-- For lists: how many positions hold an answer and when one was last saved, as of the version that
-- tallied names. Where that is not the attempt's version, as with a program of before, the responses
-- tell.
ALTER TABLE attempts ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN last_saved BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN tallied BIGINT NOT NULL DEFAULT 0;
