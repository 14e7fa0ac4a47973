-- +goose Up

-- Each letter of Japanese is a token of its own, so that one letter is looked up and not the beginning of all its
-- pairs, of which no list is needed any more. All questions are indexed anew when the program is next started.
DROP TABLE question_grams;
DELETE FROM question_words;
CREATE VIRTUAL TABLE question_grams USING fts5 (grams, content = '', contentless_delete = 1, detail = none,
    tokenize = "ascii tokenchars '_'");
