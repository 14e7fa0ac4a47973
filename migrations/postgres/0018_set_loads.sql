-- +goose Up

-- Counts what changed questions of a set: whoever compares two counts knows whether they are as they were.
ALTER TABLE question_sets ADD COLUMN moved BIGINT NOT NULL DEFAULT 0;

-- Loads of many questions that are under way. Their new questions have the state "loading" until all are there; a
-- set that was never loaded has loaded = 0.
CREATE TABLE set_loads (
    set_name TEXT PRIMARY KEY REFERENCES question_sets (name),
    id       UUID NOT NULL,
    touched  BIGINT NOT NULL -- last sign of life; 0: given up
);

-- What an interrupted load left is removed: nothing else looks for the practices of a question.
CREATE INDEX practised_question ON practised (question_id);
