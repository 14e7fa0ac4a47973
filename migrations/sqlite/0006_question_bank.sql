-- +goose Up

-- Questions are written, reviewed and approved here; loading approves them.
ALTER TABLE questions ADD COLUMN state TEXT NOT NULL DEFAULT 'approved'; -- draft, in_review, approved
ALTER TABLE questions ADD COLUMN edition INTEGER NOT NULL DEFAULT 1; -- counts changes of anything of the question
ALTER TABLE questions ADD COLUMN edited INTEGER NOT NULL DEFAULT 0; -- when it was last edited here; 0: as loaded
ALTER TABLE questions ADD COLUMN edited_by TEXT NOT NULL DEFAULT ''; -- username

-- What authors did with a question, and said of it.
CREATE TABLE question_events (
    question_id  TEXT NOT NULL REFERENCES questions (id),
    seq          INTEGER NOT NULL,
    id           TEXT NOT NULL UNIQUE,
    at           INTEGER NOT NULL,
    actor        TEXT NOT NULL, -- username
    kind         TEXT NOT NULL,
    revision     INTEGER NOT NULL, -- of the version that was current then
    key_revision INTEGER NOT NULL,
    note         TEXT NOT NULL,
    PRIMARY KEY (question_id, seq)
) STRICT;
