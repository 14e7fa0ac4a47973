-- +goose Up

-- One letter of Japanese is the beginning of many tokens: six characters, of which the index keeps a list, too.
-- An index of tokens alone cannot be copied: all questions are indexed anew when the program is next started.
DROP TABLE question_grams;
DELETE FROM question_words;
CREATE VIRTUAL TABLE question_grams USING fts5 (grams, content = '', contentless_delete = 1, detail = none,
    tokenize = "ascii tokenchars '_'", prefix = '6');
