-- +goose Up

-- Each letter of Japanese is a token of its own, so that one letter is looked up and not the beginning of all its
-- pairs. All questions are indexed anew when the program is next started.
TRUNCATE question_words;
