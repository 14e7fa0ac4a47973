-- +goose Up

-- The oldest version of this schema whose programs still work with the tables as they are.
-- A contracting migration raises it; see doc.go.
CREATE TABLE schema_compatibility (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    oldest   BIGINT NOT NULL
);
INSERT INTO schema_compatibility (only_row, oldest) VALUES (1, 1);

-- Times are microseconds since the Unix epoch, UTC; 0 means none.

-- The time of the call, not of the transaction: a command's arrival is judged by it.
-- +goose StatementBegin
CREATE FUNCTION shiken_now() RETURNS BIGINT LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::BIGINT $$;
-- +goose StatementEnd

CREATE TABLE users (
    id            UUID PRIMARY KEY,
    username      TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    roles         TEXT NOT NULL, -- separated by spaces
    password_hash TEXT NOT NULL,
    extra_percent INTEGER NOT NULL CHECK (extra_percent BETWEEN 0 AND 300),
    disabled      BOOLEAN NOT NULL,
    demo          BOOLEAN NOT NULL,
    created       BIGINT NOT NULL
);

CREATE TABLE candidate_groups (
    name TEXT PRIMARY KEY
);

CREATE TABLE memberships (
    user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    group_name TEXT NOT NULL REFERENCES candidate_groups (name) ON DELETE CASCADE,
    PRIMARY KEY (user_id, group_name)
);
CREATE INDEX memberships_group ON memberships (group_name);

CREATE TABLE sign_ins (
    id         UUID PRIMARY KEY,
    user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    created    BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL,
    revoked    BIGINT NOT NULL
);
CREATE INDEX sign_ins_live ON sign_ins (user_id) WHERE revoked = 0;

CREATE TABLE failed_sign_ins (
    account TEXT NOT NULL,
    prefix  TEXT NOT NULL, -- of the client's address
    at      BIGINT NOT NULL
);
CREATE INDEX failed_sign_ins_account ON failed_sign_ins (account, prefix, at);
CREATE INDEX failed_sign_ins_at ON failed_sign_ins (at);

CREATE TABLE question_sets (
    name   TEXT PRIMARY KEY,
    loaded BIGINT NOT NULL
);

CREATE TABLE questions (
    id         UUID PRIMARY KEY,
    set_name   TEXT NOT NULL REFERENCES question_sets (name),
    source_key TEXT, -- NULL: the key went to another question
    place      INTEGER NOT NULL, -- order in the set
    number     TEXT NOT NULL,
    category   TEXT NOT NULL,
    year       INTEGER NOT NULL,
    reference  TEXT NOT NULL,
    difficulty TEXT NOT NULL,
    tags       JSONB NOT NULL,
    retired    BOOLEAN NOT NULL,
    revision   INTEGER NOT NULL, -- current
    UNIQUE (set_name, source_key)
);
CREATE INDEX questions_place ON questions (set_name, place);

CREATE TABLE question_versions (
    id           UUID PRIMARY KEY,
    question_id  UUID NOT NULL REFERENCES questions (id),
    revision     INTEGER NOT NULL,
    content      JSONB NOT NULL,
    content_hash TEXT NOT NULL,
    created      BIGINT NOT NULL,
    UNIQUE (question_id, revision)
);

CREATE TABLE question_keys (
    version_id UUID NOT NULL REFERENCES question_versions (id),
    revision   INTEGER NOT NULL,
    key        JSONB NOT NULL,
    feedback   JSONB NOT NULL,
    created    BIGINT NOT NULL,
    PRIMARY KEY (version_id, revision)
);

CREATE TABLE exams (
    slug             TEXT PRIMARY KEY,
    revision         INTEGER NOT NULL, -- current
    score_released   BIGINT NOT NULL DEFAULT 0,
    answers_released BIGINT NOT NULL DEFAULT 0,
    keys_released    BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE exam_revisions (
    exam       TEXT NOT NULL REFERENCES exams (slug),
    revision   INTEGER NOT NULL,
    definition JSONB NOT NULL,
    created    BIGINT NOT NULL,
    PRIMARY KEY (exam, revision)
);

CREATE TABLE attempts (
    id            UUID PRIMARY KEY,
    exam          TEXT NOT NULL REFERENCES exams (slug),
    candidate     UUID NOT NULL REFERENCES users (id),
    number        INTEGER NOT NULL CHECK (number >= 1),
    start_command TEXT NOT NULL,
    version       BIGINT NOT NULL CHECK (version >= 1), -- seq of the last journal entry
    head_hash     TEXT NOT NULL,
    rejected      BIGINT NOT NULL CHECK (rejected >= 0),
    opening       INTEGER NOT NULL CHECK (opening >= 1),
    status        TEXT NOT NULL,
    status_before TEXT NOT NULL,
    marking       TEXT NOT NULL,
    cursor        INTEGER NOT NULL CHECK (cursor >= 1),
    changes       BIGINT NOT NULL,
    started       BIGINT NOT NULL,
    extended      BIGINT NOT NULL,
    paused_for    BIGINT NOT NULL,
    stopped       BIGINT NOT NULL,
    deadline      BIGINT, -- NULL: untimed
    expires_at    BIGINT, -- deadline + grace + W; NULL unless timed and in progress
    score         JSONB,
    UNIQUE (exam, candidate, number),
    UNIQUE (exam, candidate, start_command)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX attempts_open ON attempts (candidate, exam) WHERE status IN ('in_progress', 'paused');
CREATE INDEX attempts_exam_open ON attempts (exam) WHERE status IN ('in_progress', 'paused');
CREATE INDEX attempts_candidate ON attempts (candidate);
CREATE INDEX attempts_due ON attempts (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX attempts_unmarked ON attempts (id) WHERE marking = 'pending' AND status IN ('submitted', 'expired');

CREATE TABLE papers (
    attempt_id UUID PRIMARY KEY REFERENCES attempts (id),
    title      JSONB NOT NULL,
    length     INTEGER NOT NULL,
    paper      JSONB NOT NULL
);

CREATE TABLE responses (
    attempt_id UUID NOT NULL REFERENCES attempts (id),
    position   INTEGER NOT NULL CHECK (position >= 1),
    rev        BIGINT NOT NULL CHECK (rev >= 0),
    answer     JSONB NOT NULL,
    flagged    BOOLEAN NOT NULL,
    checked    BOOLEAN NOT NULL,
    points     INTEGER, -- given by a marker, 1/10,000 point
    change     BIGINT NOT NULL,
    saved_at   BIGINT NOT NULL,
    pages      JSONB NOT NULL,
    PRIMARY KEY (attempt_id, position)
) WITH (fillfactor = 80);

CREATE TABLE journal (
    attempt_id UUID NOT NULL REFERENCES attempts (id),
    seq        BIGINT NOT NULL CHECK (seq >= 1),
    prev       TEXT NOT NULL,
    command    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    arrived    BIGINT NOT NULL,
    digest     TEXT NOT NULL,
    effect     JSONB NOT NULL,
    hash       TEXT NOT NULL,
    salt       TEXT, -- NULL: erased
    payload    JSONB, -- NULL: erased
    PRIMARY KEY (attempt_id, seq),
    UNIQUE (attempt_id, command)
);

CREATE TABLE rejections (
    attempt_id UUID NOT NULL REFERENCES attempts (id),
    number     BIGINT NOT NULL CHECK (number >= 1),
    command    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    arrived    BIGINT NOT NULL,
    opening    INTEGER NOT NULL,
    page       TEXT NOT NULL,
    seq        BIGINT NOT NULL,
    rev        BIGINT NOT NULL,
    digest     TEXT NOT NULL,
    salt       TEXT, -- NULL: erased
    payload    JSONB, -- NULL: erased
    PRIMARY KEY (attempt_id, number)
);
CREATE INDEX rejections_command ON rejections (attempt_id, command);

CREATE TABLE start_rejections (
    exam      TEXT NOT NULL REFERENCES exams (slug),
    candidate UUID NOT NULL REFERENCES users (id),
    command   TEXT NOT NULL,
    reason    TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (exam, candidate, command)
);
