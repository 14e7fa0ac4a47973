-- +goose Up

-- What was written lately is kept in a list, which every search reads through: after a large load, megabytes of it.
ALTER INDEX question_words_grams SET (gin_pending_list_limit = 256);
