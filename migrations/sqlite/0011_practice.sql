-- +goose Up

-- What candidates did with the questions of practices, made of attempt, paper and responses: of each attempt as of
-- one of its versions. Whoever reads it first brings it up to date.
CREATE TABLE practices (
    attempt_id TEXT PRIMARY KEY REFERENCES attempts (id),
    version    INTEGER NOT NULL -- of the attempt
) STRICT;

CREATE TABLE practised (
    attempt_id  TEXT NOT NULL REFERENCES attempts (id),
    position    INTEGER NOT NULL CHECK (position >= 1),
    question_id TEXT NOT NULL REFERENCES questions (id),
    tried       INTEGER NOT NULL, -- answered or checked
    checked     INTEGER NOT NULL,
    flagged     INTEGER NOT NULL,
    verdict     TEXT NOT NULL, -- empty: none
    at          INTEGER NOT NULL,
    PRIMARY KEY (attempt_id, position)
) STRICT;
