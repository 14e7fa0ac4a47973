-- +goose Up

-- The type of a question's current version, beside what else it is filtered by.
ALTER TABLE questions ADD COLUMN kind TEXT NOT NULL DEFAULT '';
UPDATE questions SET kind = (SELECT v.content ->> 'type' FROM question_versions v
    WHERE v.question_id = questions.id AND v.revision = questions.revision);
CREATE INDEX questions_filters ON questions (set_name, place, id, category, year, kind, state, retired);

-- What a question is found by: its text in the form in which texts are compared, and an index of its words.
-- The program writes both; questions of before are added when it is next started.
CREATE TABLE question_words (
    n           INTEGER PRIMARY KEY,
    question_id TEXT NOT NULL UNIQUE REFERENCES questions (id),
    revision    INTEGER NOT NULL, -- of the question, that was current
    facets      TEXT NOT NULL, -- tokens of what it is filtered by
    words       TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE question_grams USING fts5 (grams, content = '', contentless_delete = 1, detail = none,
    tokenize = "ascii tokenchars '_'");
