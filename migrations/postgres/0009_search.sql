-- +goose Up

-- The type of a question's current version, beside what else it is filtered by.
ALTER TABLE questions ADD COLUMN kind TEXT NOT NULL DEFAULT '';
UPDATE questions SET kind = (SELECT v.content ->> 'type' FROM question_versions v
    WHERE v.question_id = questions.id AND v.revision = questions.revision);
CREATE INDEX questions_filters ON questions (set_name, place, id, category, year, kind, state, retired);

-- What a question is found by: its text in the form in which texts are compared, and an index of its words.
-- The program writes both; questions of before are added when it is next started.
CREATE TABLE question_words (
    n           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    question_id UUID NOT NULL UNIQUE REFERENCES questions (id),
    revision    BIGINT NOT NULL, -- of the question, that was current
    facets      TEXT NOT NULL, -- tokens of what it is filtered by
    words       TEXT NOT NULL,
    grams       TSVECTOR NOT NULL
);
CREATE INDEX question_words_grams ON question_words USING GIN (grams);
