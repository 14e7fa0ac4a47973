-- +goose Up

-- What sections that have the same questions for everybody chose, in JSON; empty before the first choice.
ALTER TABLE exams ADD COLUMN picked TEXT NOT NULL DEFAULT '';
