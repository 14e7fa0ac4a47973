-- +goose Up

-- The oldest version of this schema whose programs still work with the tables as they are.
-- A contracting migration raises it; see doc.go.
CREATE TABLE schema_compatibility (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    oldest   INTEGER NOT NULL
) STRICT;
INSERT INTO schema_compatibility (only_row, oldest) VALUES (1, 1);

-- Times are microseconds since the Unix epoch, UTC; 0 means none.

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    username      TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    roles         TEXT NOT NULL, -- separated by spaces
    password_hash TEXT NOT NULL,
    extra_percent INTEGER NOT NULL CHECK (extra_percent BETWEEN 0 AND 300),
    disabled      INTEGER NOT NULL,
    demo          INTEGER NOT NULL,
    created       INTEGER NOT NULL
) STRICT;

CREATE TABLE candidate_groups (
    name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE memberships (
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    group_name TEXT NOT NULL REFERENCES candidate_groups (name) ON DELETE CASCADE,
    PRIMARY KEY (user_id, group_name)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_group ON memberships (group_name);

CREATE TABLE sign_ins (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    created    INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    revoked    INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_ins_live ON sign_ins (user_id) WHERE revoked = 0;

CREATE TABLE failed_sign_ins (
    account TEXT NOT NULL,
    prefix  TEXT NOT NULL, -- of the client's address
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX failed_sign_ins_account ON failed_sign_ins (account, prefix, at);
CREATE INDEX failed_sign_ins_at ON failed_sign_ins (at);

CREATE TABLE question_sets (
    name   TEXT PRIMARY KEY,
    loaded INTEGER NOT NULL
) STRICT;

CREATE TABLE questions (
    id         TEXT PRIMARY KEY,
    set_name   TEXT NOT NULL REFERENCES question_sets (name),
    source_key TEXT, -- NULL: the key went to another question
    place      INTEGER NOT NULL, -- order in the set
    number     TEXT NOT NULL,
    category   TEXT NOT NULL,
    year       INTEGER NOT NULL,
    reference  TEXT NOT NULL,
    difficulty TEXT NOT NULL,
    tags       TEXT NOT NULL, -- JSON
    retired    INTEGER NOT NULL,
    revision   INTEGER NOT NULL, -- current
    UNIQUE (set_name, source_key)
) STRICT;
CREATE INDEX questions_place ON questions (set_name, place);

CREATE TABLE question_versions (
    id           TEXT PRIMARY KEY,
    question_id  TEXT NOT NULL REFERENCES questions (id),
    revision     INTEGER NOT NULL,
    content      TEXT NOT NULL, -- JSON
    content_hash TEXT NOT NULL,
    created      INTEGER NOT NULL,
    UNIQUE (question_id, revision)
) STRICT;

CREATE TABLE question_keys (
    version_id TEXT NOT NULL REFERENCES question_versions (id),
    revision   INTEGER NOT NULL,
    key        TEXT NOT NULL, -- JSON
    feedback   TEXT NOT NULL, -- JSON
    created    INTEGER NOT NULL,
    PRIMARY KEY (version_id, revision)
) STRICT;

CREATE TABLE exams (
    slug             TEXT PRIMARY KEY,
    revision         INTEGER NOT NULL, -- current
    score_released   INTEGER NOT NULL DEFAULT 0,
    answers_released INTEGER NOT NULL DEFAULT 0,
    keys_released    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE exam_revisions (
    exam       TEXT NOT NULL REFERENCES exams (slug),
    revision   INTEGER NOT NULL,
    definition TEXT NOT NULL, -- JSON
    created    INTEGER NOT NULL,
    PRIMARY KEY (exam, revision)
) STRICT;

CREATE TABLE attempts (
    id            TEXT PRIMARY KEY,
    exam          TEXT NOT NULL REFERENCES exams (slug),
    candidate     TEXT NOT NULL REFERENCES users (id),
    number        INTEGER NOT NULL CHECK (number >= 1),
    start_command TEXT NOT NULL,
    version       INTEGER NOT NULL CHECK (version >= 1), -- seq of the last journal entry
    head_hash     TEXT NOT NULL,
    rejected      INTEGER NOT NULL CHECK (rejected >= 0),
    opening       INTEGER NOT NULL CHECK (opening >= 1),
    status        TEXT NOT NULL,
    status_before TEXT NOT NULL,
    marking       TEXT NOT NULL,
    cursor        INTEGER NOT NULL CHECK (cursor >= 1),
    changes       INTEGER NOT NULL,
    started       INTEGER NOT NULL,
    extended      INTEGER NOT NULL,
    paused_for    INTEGER NOT NULL,
    stopped       INTEGER NOT NULL,
    deadline      INTEGER, -- NULL: untimed
    expires_at    INTEGER, -- deadline + grace + W; NULL unless timed and in progress
    score         TEXT, -- JSON
    UNIQUE (exam, candidate, number),
    UNIQUE (exam, candidate, start_command)
) STRICT;
CREATE UNIQUE INDEX attempts_open ON attempts (candidate, exam) WHERE status IN ('in_progress', 'paused');
CREATE INDEX attempts_exam_open ON attempts (exam) WHERE status IN ('in_progress', 'paused');
CREATE INDEX attempts_candidate ON attempts (candidate);
CREATE INDEX attempts_due ON attempts (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX attempts_unmarked ON attempts (id) WHERE marking = 'pending' AND status IN ('submitted', 'expired');

CREATE TABLE papers (
    attempt_id TEXT PRIMARY KEY REFERENCES attempts (id),
    title      TEXT NOT NULL, -- JSON
    length     INTEGER NOT NULL,
    paper      TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE responses (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    position   INTEGER NOT NULL CHECK (position >= 1),
    rev        INTEGER NOT NULL CHECK (rev >= 0),
    answer     TEXT NOT NULL, -- JSON
    flagged    INTEGER NOT NULL,
    checked    INTEGER NOT NULL,
    points     INTEGER, -- given by a marker, 1/10,000 point
    change     INTEGER NOT NULL,
    saved_at   INTEGER NOT NULL,
    pages      TEXT NOT NULL, -- JSON
    PRIMARY KEY (attempt_id, position)
) STRICT;

CREATE TABLE journal (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    seq        INTEGER NOT NULL CHECK (seq >= 1),
    prev       TEXT NOT NULL,
    command    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    arrived    INTEGER NOT NULL,
    digest     TEXT NOT NULL,
    effect     TEXT NOT NULL, -- JSON
    hash       TEXT NOT NULL,
    salt       TEXT, -- NULL: erased
    payload    TEXT, -- JSON; NULL: erased
    PRIMARY KEY (attempt_id, seq),
    UNIQUE (attempt_id, command)
) STRICT;

CREATE TABLE rejections (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    number     INTEGER NOT NULL CHECK (number >= 1),
    command    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    arrived    INTEGER NOT NULL,
    opening    INTEGER NOT NULL,
    page       TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    rev        INTEGER NOT NULL,
    digest     TEXT NOT NULL,
    salt       TEXT, -- NULL: erased
    payload    TEXT, -- JSON; NULL: erased
    PRIMARY KEY (attempt_id, number)
) STRICT;
CREATE INDEX rejections_command ON rejections (attempt_id, command);

CREATE TABLE start_rejections (
    exam      TEXT NOT NULL REFERENCES exams (slug),
    candidate TEXT NOT NULL REFERENCES users (id),
    command   TEXT NOT NULL,
    reason    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (exam, candidate, command)
) STRICT;
