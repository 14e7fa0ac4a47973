-- +goose Up

-- Counts what a page of questions filters by without reading what it lists.
CREATE INDEX questions_counts ON questions (category, year, kind, state, retired, set_name);
