-- +goose Up

-- What candidates did with the questions of practices, made of attempt, paper and responses: of each attempt as of
-- one of its versions. Whoever reads it first brings it up to date.
CREATE TABLE practices (
    attempt_id UUID PRIMARY KEY REFERENCES attempts (id),
    version    BIGINT NOT NULL -- of the attempt
);

CREATE TABLE practised (
    attempt_id  UUID NOT NULL REFERENCES attempts (id),
    position    INTEGER NOT NULL CHECK (position >= 1),
    question_id UUID NOT NULL REFERENCES questions (id),
    tried       BOOLEAN NOT NULL, -- answered or checked
    checked     BOOLEAN NOT NULL,
    flagged     BOOLEAN NOT NULL,
    verdict     TEXT NOT NULL, -- empty: none
    at          BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, position)
);
